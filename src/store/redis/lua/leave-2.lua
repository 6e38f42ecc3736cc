-- leave-2.lua
-- End a pod's membership.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  pods     hash: pod id -> "<until> <json>"; what changed among the members
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- Returns  kind, epoch, seq, now
-- Cost     O(1)

--- @include "in-time"
--- @include "membership"

local pods = KEYS[2]
local state, found = membership_of(pods), redis.call('HLEN', pods)
if redis.call('HDEL', pods, ARGV[2]) == 1 and state then
  -- Its target list may be unused now: the next heartbeat reads all members.
  state.due = 0
  state.members = math.max(0, state.members - 1)
  note_change(pods, state, ARGV[2])
  if state.fields == found then
    state.fields = redis.call('HLEN', pods)
  end
  keep_membership(pods, state)
end
return answer('ok')
