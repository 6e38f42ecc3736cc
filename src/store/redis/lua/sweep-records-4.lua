-- sweep-records-4.lua
-- Remove records that still have the given version and no live lease, with their leases, budget use and history. Also
-- remove the orphaned data of targets that have no record.
--
-- KEYS[1]  records  hash: target id -> "<version> <grant> <stamps> <next due at> <json>"; "!epoch", "!seq"
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- KEYS[3]  budget   hash: see includes/money
-- KEYS[4]  history  hash: target id -> text
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5…] target id, version (0: it has no record, or garbage), target id, version, …
-- Returns  kind, epoch, seq, now, then the target ids removed
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "leases"
--- @include "records"
--- @include "events"
--- @include "money"

local FIRST, WIDTH = 5, 2

local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local texts = read_fields(KEYS[1], targets)
local epoch, seq = life_of(KEYS[1])
local removed, accounts, told = {}, {}, {}

for place, target in ipairs(targets) do
  local version = tonumber(ARGV[FIRST + (place - 1) * WIDTH + 1])
  local record = record_from(texts[target])
  local lease = book.leases[target]
  local live = lease and lease.till > now
  local recorded = epoch ~= '' and record and record.version == version and not is_newer(record)
  local orphaned = version == 0 and not record
  if (recorded or orphaned) and not live then
    if recorded then
      told[#told + 1] = target
    end
    texts[target] = false
    removed[#removed + 1] = target
    for _, field in ipairs({ target, held_field(target), target .. ':0', target .. ':1' }) do
      accounts[#accounts + 1] = field
    end
  end
end

remove_fields(KEYS[1], removed)
remove_fields(KEYS[2], removed)
remove_fields(KEYS[3], accounts)
remove_fields(KEYS[4], removed)
if #told > 0 then
  write_fields(KEYS[1], { '!seq', us(seq + 1) })
  local event = { kind = 'forget', epoch = epoch, seq = seq + 1, pod = ARGV[4], command = ARGV[2], channel = ARGV[3] }
  publish(event, told)
end
return answer('ok', removed)
