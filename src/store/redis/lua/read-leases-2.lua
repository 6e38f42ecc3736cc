-- read-leases-2.lua
-- One page of the leases that are live now. What is held from the first page to the last is met; the rest may be or not.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- ARGV[1]  cursor, "0" to begin
-- ARGV[2]  size of a page, about
-- Returns  kind, epoch, seq, now, next cursor ("0": this was the last), then target id, pod id, grant, until, target id, …
-- Cost     O(size of the page)

--- @include "answer"
--- @include "leases"

local body = { '0' }
if is_hash(KEYS[2]) then
  local page = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
  body[1] = page[1]
  local found = page[2]
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
