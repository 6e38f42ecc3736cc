-- retract-results-2.lua
-- Take back what this pod published, if it still lies there, under the lease of the bridge.
--
-- KEYS[1]  results  string, LiteLLM's
-- KEYS[2]  bridge   string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  length of the text in bytes
-- ARGV[4]  how it ends, 512 bytes or less
-- Returns  kind, epoch, seq, now
-- Cost     O(1), and freeing the text

--- @include "late"
--- @include "bridge"
--- @include "known-text"

local till, holder = bridge_lease(KEYS[2])
local leads = till and till > now and holder == ARGV[2]
if leads and is_text(KEYS[1], ARGV[3], ARGV[4]) then
  redis.call('DEL', KEYS[1])
end
return answer('ok')
