-- retract-results-2.lua
-- Delete LiteLLM's results if they still have the given fingerprint, under the lease of the bridge.
--
-- KEYS[1]  results  a value of any type
-- KEYS[2]  bridge   string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  fingerprint
-- Returns  kind, epoch, seq, now, then "removed", or "kept" if the value is another one or the lease is not this pod's
-- Cost     O(1), and freeing the value

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
