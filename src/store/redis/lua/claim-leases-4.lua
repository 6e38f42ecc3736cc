-- claim-leases-4.lua
-- Grant leases to one pod, target by target, by the rules of FleetStore.claim.
--
-- KEYS[1]  records  hash: see includes/records
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- KEYS[3]  budget   hash: see includes/money
-- KEYS[4]  holds    hash: hold key -> "<version> <kind> <until us> <json>"; "*" is the fleet's probing
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5]  lease time, ms
-- ARGV[6]  age up to which a forced claim reuses evidence, ms
-- ARGV[7], ARGV[8]  the fleet's budget: probes per hour, nano dollars per day; "-" for no limit
-- ARGV[9…] target id, reason, interval ms, every ms, version, version known to be garbage (0: none),
--          level of the probe, most unforced grants within one interval, "pause" for a check on demand, else "-",
--          highest cost in nano dollars or "-" for an unbilled probe, the target's budget, the use of the fleet's and
--          of the target's budget that the claimant knew before the data was lost, or "-", target id, …
-- Returns  kind, epoch, seq, now, then per target: "granted", grant, until, record, use of the fleet's budget or "",
--                                                  use of the target's or "", excerpt of a value that was
--                                                  stored as the lease and is none, or ""
--                                                  "held", pod, until, "", "", "", ""
--                                                  "paused", "", "", hold, "", "", ""
--                                                  "not-due", due at, version, record or "", "", "", ""
--                                                  "over-budget", until, "fleet" or "target", "", the same uses, ""
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "leases"
--- @include "records"
--- @include "events"
--- @include "grid"
--- @include "known-counts"
--- @include "holds"

local FIRST, WIDTH = 9, 14

local pod = ARGV[4]
local till = now + tonumber(ARGV[5]) * 1000
local reuse = tonumber(ARGV[6]) * 1000
local fleet_budget = { probes = tonumber(ARGV[7]), nano = tonumber(ARGV[8]) }

-- Evidence ahead of the clock, if clamped to now, would advance with the clock, and the target would never be due. So
-- evidence ahead by more than half an interval counts as one interval old.
local function trusted(evidence, every)
  if evidence > now + every / 2 then
    return now - every
  end
  return math.min(evidence, now)
end

-- The newest evidence at the level of the request or deeper.
local function dated(record, request)
  return record.stamps[request.level]
end

local function scheduled_at(record, request)
  local every = request.every_ms * 1000
  local evidence = trusted(dated(record, request), every)
  if record.version == request.version then
    return grid_due(evidence, request.target, request.every_ms)
  end
  return math.min(record.due, evidence + 2 * every)
end

-- Time at which the request can be granted; nil for now.
local function not_before(record, window, request)
  if request.reason == 'forced' then
    local evidence = record and dated(record, request)
    if evidence and evidence > now - reuse and evidence < now + reuse then
      return math.min(evidence, now) + reuse
    end
    return nil
  end
  if window.count >= request.guard then
    return window.start + request.interval_ms * 1000
  end
  if not record then
    return nil
  end
  local due = scheduled_at(record, request)
  if request.reason == 'confirmation' then
    return record.version ~= request.version and due or nil
  end
  return now < due and due or nil
end

local function guard_window(lease, request)
  if lease and lease.window <= now and now < lease.window + request.interval_ms * 1000 then
    return { start = lease.window, count = lease.count }
  end
  return { start = now, count = 0 }
end

local function next_grant(lease, text)
  local grant = now
  if lease then
    grant = math.max(grant, lease.grant + 1)
  end
  -- A record outlives its lease, and its header counts even if its JSON is garbage.
  local header = record_from(text)
  if header then
    grant = math.max(grant, header.grant + 1)
  end
  return grant
end

local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local texts = read_fields(KEYS[1], targets)
local counts
local body, lines = {}, {}

local function say(kind, first, second, text, uses, replaced)
  local counted = { uses and uses.fleet or '', uses and uses.target or '' }
  for _, part in ipairs({ kind, first, second, text or '', counted[1], counted[2], replaced or '' }) do
    body[#body + 1] = part
  end
end

-- Read only for the first request that a budget counts.
local function open_budgets()
  if not counts then
    local fields = { FLEET_USE }
    for _, target in ipairs(targets) do
      fields[#fields + 1] = target
    end
    counts = open_counts(KEYS[3], fields)
  end
end

local function is_counted(request)
  local budget = request.budget
  return request.nano and (fleet_budget.probes or fleet_budget.nano or budget.probes or budget.nano)
end

-- Time from which one more probe fits the budget; 0 for now.
local function fits_at(use, budget, nano)
  local at = 0
  if budget.probes and use.probes + 1 > budget.probes then
    at = (hour + 1) * HOUR_US
  end
  if budget.nano and use.nano + nano > budget.nano then
    at = (day + 1) * DAY_US
  end
  return at
end

local function uses_of(target)
  return { fleet = use_text(use_from(counts.texts[FLEET_USE])), target = use_text(use_from(counts.texts[target])) }
end

-- Counts the request if it fits the budgets: true and the use now; false if it does not fit.
local function reserve(request, grant)
  if not is_counted(request) then
    return true
  end
  open_budgets()
  local target, nano = request.target, request.nano
  raise_count(counts, FLEET_USE, request.known_fleet, fleet_budget)
  raise_count(counts, target, request.known_own, fleet_budget, request.budget)
  local fleet, own = use_from(counts.texts[FLEET_USE]), use_from(counts.texts[target])
  local fleet_at, own_at = fits_at(fleet, fleet_budget, nano), fits_at(own, request.budget, nano)
  if fleet_at > 0 or own_at > 0 then
    local owner = fleet_at >= own_at and 'fleet' or 'target'
    say('over-budget', us(math.max(fleet_at, own_at)), owner, '', uses_of(target))
    return false
  end
  put_money(counts, FLEET_USE, use_text({ probes = fleet.probes + 1, nano = fleet.nano + nano }))
  put_money(counts, target, use_text({ probes = own.probes + 1, nano = own.nano + nano }))
  put_money(counts, held_field(target), text_of({ grant, hour, day, nano }))
  return true, uses_of(target)
end

local function grant_lease(request, lease)
  local fits, uses = reserve(request, lease.grant)
  if not fits then
    return
  end
  local replaced = string.sub(book.garbage[request.target] or '', 1, 100)
  put_lease(book, request.target, lease)
  lines[#lines + 1] = lease_line(request.target, lease.grant, lease.till)
  say('granted', us(lease.grant), us(lease.till), texts[request.target] or '', uses, replaced)
end

-- The pause in force; nil for none.
local function pause_now()
  local text = read_fields(KEYS[4], { '*' })['*']
  local hold = hold_from(text)
  return hold and hold.kind == 'pause' and (hold.till == 0 or hold.till > now) and text or nil
end

local pause = pause_now()

local function claim_one(request)
  if pause and request.despite ~= 'pause' then
    return say('paused', '', '', pause)
  end
  local target = request.target
  local lease = book.leases[target]
  local text = texts[target]
  if lease and lease.till > now then
    local kept = { grant = lease.grant, pod = lease.pod, till = till, window = lease.window, count = lease.count }
    if lease.pod == pod then
      return grant_lease(request, kept)
    end
    -- No pod writes a later end: the clock was set back, or the value was forged. Cut, so that the lease ends.
    if lease.till > till then
      put_lease(book, target, kept)
    end
    return say('held', lease.pod, us(math.min(lease.till, till)))
  end
  local record = present_record(text, request.garbage)
  local window = guard_window(lease, request)
  local due = not_before(record, window, request)
  if due then
    local version = record and record.version or 0
    return say('not-due', us(due), us(version), version ~= request.version and text or '')
  end
  local start, count = window.start, window.count + 1
  if request.reason == 'forced' then
    start, count = lease and lease.window or 0, lease and lease.count or 0
  end
  grant_lease(request, { grant = next_grant(lease, text), pod = pod, till = till, window = start, count = count })
end

for index = FIRST, #ARGV, WIDTH do
  claim_one({
    target = ARGV[index],
    reason = ARGV[index + 1],
    interval_ms = tonumber(ARGV[index + 2]),
    every_ms = tonumber(ARGV[index + 3]),
    version = tonumber(ARGV[index + 4]),
    garbage = ARGV[index + 5],
    level = ARGV[index + 6],
    guard = tonumber(ARGV[index + 7]),
    despite = ARGV[index + 8],
    nano = tonumber(ARGV[index + 9]),
    budget = { probes = tonumber(ARGV[index + 10]), nano = tonumber(ARGV[index + 11]) },
    known_fleet = ARGV[index + 12],
    known_own = ARGV[index + 13],
  })
end

write_leases(book)
if counts then
  write_money(counts)
end
publish_leases(pod, lines)
return answer('ok', body)
