-- release-leases-3.lua
-- Give back leases that this pod still holds, without a result.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- KEYS[3]  budget   hash: see includes/money
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5…] target id, grant, "never-sent" or "", target id, …
-- Returns  kind, epoch, seq, now
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "leases"
--- @include "events"
--- @include "money"

local FIRST, WIDTH = 5, 3

local pod = ARGV[4]
local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local lines = {}
local counts

local function give_back(target, grant)
  if not counts then
    local fields = { FLEET_USE }
    for _, one in ipairs(targets) do
      fields[#fields + 1] = one
      fields[#fields + 1] = held_field(one)
    end
    counts = open_counts(KEYS[3], fields)
  end
  settle(counts, target, grant, 0, true)
end

for place, target in ipairs(targets) do
  local grant = tonumber(ARGV[FIRST + (place - 1) * WIDTH + 1])
  local lease = book.leases[target]
  if lease and lease.pod == pod and lease.grant == grant and lease.till ~= 0 then
    -- The grant stays, so that the next one is larger.
    lease.till = 0
    local unsent = ARGV[FIRST + (place - 1) * WIDTH + 2] == 'never-sent'
    if unsent and lease.count > 0 then
      lease.count = lease.count - 1
    end
    put_lease(book, target, lease)
    lines[#lines + 1] = lease_line(target, grant, 0)
    if unsent then
      give_back(target, grant)
    end
  end
end

write_leases(book)
if counts then
  write_money(counts)
end
publish_leases(pod, lines)
return answer('ok')
