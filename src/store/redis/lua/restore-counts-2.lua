-- restore-counts-2.lua
-- Restore budget use that a pod knows, if the data that contained it is lost.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  budget   hash: see includes/money
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2], ARGV[3]  the fleet's budget: probes per hour, nano dollars per day; "-" for no limit
-- ARGV[4]  known use of the fleet's budget, see includes/known-counts, or "-"
-- ARGV[5…] target id, its budget, known use of it, target id, …
-- Returns  kind, epoch, seq, now, then the use now, of the fleet and of each target: see includes/money
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "known-counts"

local FIRST, WIDTH = 5, 4

local fleet_budget = { probes = tonumber(ARGV[2]), nano = tonumber(ARGV[3]) }
local owners = targets_from(FIRST, WIDTH)
table.insert(owners, 1, FLEET_USE)
local counts = open_counts(KEYS[2], owners)

raise_count(counts, FLEET_USE, ARGV[4], fleet_budget)
for index = FIRST, #ARGV, WIDTH do
  local budget = { probes = tonumber(ARGV[index + 1]), nano = tonumber(ARGV[index + 2]) }
  raise_count(counts, ARGV[index], ARGV[index + 3], fleet_budget, budget)
end
write_money(counts)

local body = {}
for _, owner in ipairs(owners) do
  body[#body + 1] = use_text(use_from(counts.texts[owner]))
end
return answer('ok', body)
