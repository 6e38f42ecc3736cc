-- lead-bridge-1.lua
-- Take or extend the lease of the one pod that publishes for LiteLLM. All pods ask for the same time, so a lease that ends
-- later was written before the clock was set back.
--
-- KEYS[1]  bridge  string: "<until> <pod>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  pod id
-- ARGV[3]  lease time, ms
-- Returns  kind, epoch, seq, now, pod that holds it, until
-- Cost     O(1)

--- @include "late"
--- @include "bridge"

local pod = ARGV[2]
local most = now + tonumber(ARGV[3]) * 1000
local till, holder = bridge_lease(KEYS[1])
if till and till > now and till <= most and holder ~= pod then
  return answer('ok', { holder, us(till) })
end
redis.call('SET', KEYS[1], us(most) .. ' ' .. pod, 'PX', ARGV[3])
return answer('ok', { pod, us(most) })
