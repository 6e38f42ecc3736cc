-- retract-results-2.lua
-- Take away what was seen in the place of results, if it still lies there, under the lease of the bridge.
--
-- KEYS[1]  results  whatever lies there
-- KEYS[2]  bridge   string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  print of what was seen
-- Returns  kind, epoch, seq, now, then taken, or left where something else lies there or the lease is not this pod's
-- Cost     O(1), and freeing what lies there

--- @include "late"
--- @include "bridge"
--- @include "fingerprint"

local till, holder = bridge_lease(KEYS[2])
local leads = till and till > now and holder == ARGV[2]
if leads and fingerprint_of(KEYS[1]) == ARGV[3] then
  redis.call('DEL', KEYS[1])
  return answer('ok', { 'removed' })
end
return answer('ok', { 'kept' })
