-- renew-leases-2.lua
-- Extend the leases that this pod still holds.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5]  lease time, ms
-- ARGV[6…] target id, grant, target id, grant, …
-- Returns  kind, epoch, seq, now, until, then the indices (from 0) of the leases that the pod no longer holds
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "leases"
--- @include "events"

local FIRST, WIDTH = 6, 2

local pod = ARGV[4]
local till = now + tonumber(ARGV[5]) * 1000
local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local body, lines = { us(till) }, {}

for place, target in ipairs(targets) do
  local grant = tonumber(ARGV[FIRST + (place - 1) * WIDTH + 1])
  local lease = book.leases[target]
  if lease and lease.pod == pod and lease.grant == grant and lease.till > now then
    lease.till = till
    put_lease(book, target, lease)
    lines[#lines + 1] = lease_line(target, grant, till)
  else
    body[#body + 1] = us(place - 1)
  end
end

write_leases(book)
publish_leases(pod, lines)
return answer('ok', body)
