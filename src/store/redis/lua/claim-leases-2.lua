-- claim-leases-2.lua
-- Grant the right to probe to one pod, target by target; the rules are those of FleetStore.claim.
--
-- KEYS[1]  records  hash: target id -> "<version> <grant> <evidence at> <next due at> <json>"
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5]  lease time, ms
-- ARGV[6]  age up to which a forced check reuses evidence, ms
-- ARGV[7]  most unforced grants within one interval
-- ARGV[8…] target id, reason, interval ms, every ms, version, version known to be garbage (0: none), target id, …
-- Returns  kind, epoch, seq, now, then per target: "granted", grant, until, record
--                                                  "held", pod, until, ""
--                                                  "not-due", due at, version, record or ""
-- Cost     O(number of targets)

--- @include "in-time"
--- @include "leases"
--- @include "records"
--- @include "events"
--- @include "grid"

local FIRST, WIDTH = 8, 6

local pod = ARGV[4]
local till = now + tonumber(ARGV[5]) * 1000
local reuse = tonumber(ARGV[6]) * 1000
local guard = tonumber(ARGV[7])

-- Evidence ahead of the clock would move on with it if it were clamped to now, and never be due. What is ahead by more
-- than half an interval counts as one interval old.
local function trusted(evidence, every)
  if evidence > now + every / 2 then
    return now - every
  end
  return math.min(evidence, now)
end

local function scheduled_at(record, request)
  local every = request.every_ms * 1000
  local evidence = trusted(record.evidence, every)
  if record.version == request.version then
    return grid_due(evidence, request.target, request.every_ms)
  end
  return math.min(record.due, evidence + 2 * every)
end

-- When the request could be granted; nil is now.
local function not_before(record, window, request)
  if request.reason == 'forced' then
    if record and record.evidence > now - reuse and record.evidence < now + reuse then
      return math.min(record.evidence, now) + reuse
    end
    return nil
  end
  if window.count >= guard then
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
  -- A record outlives its lease, and its header counts even where its JSON does not.
  local header = record_from(text)
  if header then
    grant = math.max(grant, header.grant + 1)
  end
  return grant
end

local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local texts = read_fields(KEYS[1], targets)
local body, lines = {}, {}

local function say(...)
  for _, text in ipairs({ ... }) do
    body[#body + 1] = text
  end
end

local function grant_lease(target, lease)
  put_lease(book, target, lease)
  lines[#lines + 1] = lease_line(target, lease.grant, lease.till)
  say('granted', us(lease.grant), us(lease.till), texts[target] or '')
end

local function claim_one(request)
  local target = request.target
  local lease = book.leases[target]
  local text = texts[target]
  if lease and lease.till > now then
    local kept = { grant = lease.grant, pod = lease.pod, till = till, window = lease.window, count = lease.count }
    if lease.pod == pod then
      return grant_lease(target, kept)
    end
    -- No lease of ours ends later: its clock stepped back, or somebody planted it. Cut, so that it ends.
    if lease.till > till then
      put_lease(book, target, kept)
    end
    return say('held', lease.pod, us(math.min(lease.till, till)), '')
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
  grant_lease(target, { grant = next_grant(lease, text), pod = pod, till = till, window = start, count = count })
end

for index = FIRST, #ARGV, WIDTH do
  claim_one({
    target = ARGV[index],
    reason = ARGV[index + 1],
    interval_ms = tonumber(ARGV[index + 2]),
    every_ms = tonumber(ARGV[index + 3]),
    version = tonumber(ARGV[index + 4]),
    garbage = ARGV[index + 5],
  })
end

write_leases(book)
publish_leases(pod, lines)
return answer('ok', body)
