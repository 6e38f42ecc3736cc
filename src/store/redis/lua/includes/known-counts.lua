--- @include "money"
-- Budget use that a pod knows, from which a store that lost its data continues: "<epoch> <hour> <probes> <day> <nano
-- dollars>"; "!" means an unknown epoch.

local epoch_found

-- The larger of two counts, up to the limits; the stored one if there is no limit.
local function raised(found, known, limit, other)
  local most = math.min(limit or math.huge, other or math.huge)
  return most == math.huge and found or math.max(found, math.min(known, most))
end

-- Marks what one pod spent without the store: it is added to the stored count.
local SPENT_OFFLINE = '+'

-- Raises one count if the known one is of another epoch. Within the same epoch the stored count is right.
local function raise_count(counts, owner, text, fleet_budget, budget)
  local epoch, use = string.match(text, '^([^ ]+) (.+)$')
  epoch_found = epoch_found or life_of(KEYS[1])
  if not epoch or epoch == epoch_found then
    return
  end
  local found, known, own = use_from(counts.texts[owner]), use_from(use), budget or {}
  if epoch == SPENT_OFFLINE then
    known = { probes = found.probes + known.probes, nano = found.nano + known.nano }
  end
  local probes = raised(found.probes, known.probes, fleet_budget.probes, own.probes)
  local nano = raised(found.nano, known.nano, fleet_budget.nano, own.nano)
  if probes > found.probes or nano > found.nano then
    put_money(counts, owner, use_text({ probes = probes, nano = nano }))
  end
end
