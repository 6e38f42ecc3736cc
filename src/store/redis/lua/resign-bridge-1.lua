-- resign-bridge-1.lua
-- Give back the bridge lease, if this pod holds it.
--
-- KEYS[1]  bridge  string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- Returns  kind, epoch, seq, now
-- Cost     O(1)

--- @include "late"
--- @include "bridge"

local _, holder = bridge_lease(KEYS[1])
if holder == ARGV[2] then
  redis.call('DEL', KEYS[1])
end
return answer('ok')
