-- read-leases-2.lua
-- All leases that are live now.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- Returns  kind, epoch, seq, now, then target id, pod id, grant, until, target id, …
-- Cost     O(number of leases)

--- @include "answer"
--- @include "leases"

local body = {}
if is_hash(KEYS[2]) then
  local found = redis.call('HGETALL', KEYS[2])
  for index = 1, #found, 2 do
    local lease = lease_from(found[index + 1])
    if lease and lease.till > now then
      body[#body + 1] = found[index]
      body[#body + 1] = lease.pod
      body[#body + 1] = us(lease.grant)
      body[#body + 1] = us(lease.till)
    end
  end
end
return answer('ok', body)
