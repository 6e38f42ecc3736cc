-- commit-records-4.lua
-- Write records, end their leases, publish one commit event.
--
-- KEYS[1]  records  hash: see includes/records; "!epoch", "!seq"
-- KEYS[2]  leases   hash: target id -> "<grant> <pod> <until> <window start> <count>"
-- KEYS[3]  budget   hash: see includes/money
-- KEYS[4]  history  hash: see includes/history
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5]  epoch to use if the data has none
-- ARGV[6], ARGV[7], ARGV[8]  the history: most points of a target, of all targets, and how long they are kept, ms
-- ARGV[9…] target id, grant or "-", expected version, evidence stamps, next due at us, json,
--          version known to be garbage (0: none), cost in nano dollars or "-" for an unbilled probe, totals or "",
--          point of its history or "", target id, …
-- Returns  kind, epoch, seq, now, then per target: "ok", version, record found or ""
--                                                  "stale", "0", record found or ""
--                                                  "conflict", "0", record found or ""
-- Cost     O(number of targets); 100 targets: about 1.5 ms of Redis 7.0

--- @include "in-time"
--- @include "leases"
--- @include "records"
--- @include "events"
--- @include "money"
--- @include "history"

local FIRST, WIDTH = 9, 10

local pod = ARGV[4]
local targets = targets_from(FIRST, WIDTH)
local book = open_leases(KEYS[2], targets)
local texts = read_fields(KEYS[1], targets)
local body, written, seen = {}, {}, {}
local counts
local histories, remembered = {}, {}
local share

-- Read only if a commit has a cost.
local function open_bills()
  if not counts then
    local fields = { FLEET_USE, day_field(FLEET_USE, FLEET_DAYS) }
    for _, target in ipairs(targets) do
      for _, field in ipairs({ target, held_field(target), day_field(target, TARGET_DAYS) }) do
        fields[#fields + 1] = field
      end
    end
    counts = open_counts(KEYS[3], fields)
  end
end

local function add_totals(field, totals)
  local found = numbers_from(counts.texts[field], #totals + 1)
  local sums = { day }
  for index, number in ipairs(totals) do
    local before = found and found[1] == day and found[index + 1] or 0
    sums[index + 1] = whole(before + number)
  end
  put_money(counts, field, text_of(sums))
end

-- Read only if a commit has a history point.
local function remember(target, point)
  if point == '' then
    return
  end
  share = share
    or history_share(KEYS[4], {
      points = tonumber(ARGV[6]),
      fleet_points = tonumber(ARGV[7]),
      kept_us = tonumber(ARGV[8]) * 1000,
    })
  if not histories[target] then
    histories[target] = read_fields(KEYS[4], { target }, LONGEST_HISTORY)[target] or ''
    remembered[#remembered + 1] = target
  end
  histories[target] = history_with(histories[target], point, share)
end

local function pay(commit)
  if not commit.nano then
    return
  end
  open_bills()
  settle(counts, commit.target, commit.grant, commit.nano)
  add_totals(day_field(FLEET_USE, FLEET_DAYS), commit.totals)
  add_totals(day_field(commit.target, TARGET_DAYS), commit.totals)
end

-- An unexpected record is returned to the caller, because only the caller can see that its JSON is garbage.
local function say(kind, version, text)
  local last = #body
  body[last + 1] = kind
  body[last + 2] = version
  body[last + 3] = text or ''
end

-- 'ok' (committed before), 'stale', or nil to continue.
local function refuse_probe(record, lease, grant)
  if record and record.grant == grant then
    return 'ok'
  end
  local ours = lease and lease.pod == pod and lease.grant == grant and lease.till > now
  if not ours or (record and record.grant > grant) then
    return 'stale'
  end
  return nil
end

-- Newer evidence at one level is enough: shallower evidence may be newer than deeper.
local function refuse_observation(record, stamps)
  if not record then
    return nil
  end
  for level, stamp in pairs(stamps or {}) do
    if math.min(stamp, now) > math.min(record.stamps[level], now) then
      return nil
    end
  end
  return 'stale'
end

local function write_record(commit, record, lease)
  local version = math.max(record and record.version + 1 or 1, now)
  local grant = commit.grant and commit.grant_text or us(record and record.grant or 0)
  local version_text = us(version)
  texts[commit.target] =
    table.concat({ version_text, grant, commit.stamps_text, commit.due_text, commit.json }, ' ')
  if not seen[commit.target] then
    seen[commit.target] = true
    written[#written + 1] = commit.target
  end
  if commit.grant then
    lease.till = 0
    put_lease(book, commit.target, lease)
    pay(commit)
  end
  remember(commit.target, commit.point)
  say('ok', version_text)
end

local function commit_one(commit)
  local text = texts[commit.target]
  local record = present_record(text, commit.garbage)
  local lease = book.leases[commit.target]
  local version = record and record.version or 0
  local refusal
  if commit.grant then
    refusal = refuse_probe(record, lease, commit.grant)
  else
    refusal = refuse_observation(record, stamps_from(commit.stamps_text, stamp_of))
  end
  if refusal then
    return say(refusal, refusal == 'ok' and us(version) or '0', version ~= commit.expected and text or '')
  end
  if version ~= commit.expected or (record and is_newer(record)) then
    return say('conflict', '0', text)
  end
  return write_record(commit, record, lease)
end

for index = FIRST, #ARGV, WIDTH do
  commit_one({
    target = ARGV[index],
    grant_text = ARGV[index + 1],
    grant = tonumber(ARGV[index + 1]),
    expected = tonumber(ARGV[index + 2]),
    stamps_text = ARGV[index + 3],
    due_text = ARGV[index + 4],
    json = ARGV[index + 5],
    garbage = ARGV[index + 6],
    nano = tonumber(ARGV[index + 7]),
    totals = numbers_from(ARGV[index + 8], 6),
    point = ARGV[index + 9],
  })
end

if #written > 0 then
  local epoch, seq = life_of(KEYS[1])
  if epoch == '' then
    epoch, seq = ARGV[5], 0
  end
  seq = seq + 1
  local flat, lines = { '!epoch', epoch, '!seq', us(seq) }, {}
  for _, target in ipairs(written) do
    flat[#flat + 1] = target
    flat[#flat + 1] = texts[target]
    lines[#lines + 1] = target .. ' ' .. texts[target]
  end
  write_fields(KEYS[1], flat)
  write_leases(book)
  if counts then
    write_money(counts)
  end
  local kept = {}
  for _, target in ipairs(remembered) do
    kept[#kept + 1] = target
    kept[#kept + 1] = histories[target]
  end
  write_fields(KEYS[4], kept)
  publish({ kind = 'commit', epoch = epoch, seq = seq, pod = pod, command = ARGV[2], channel = ARGV[3] }, lines)
end
return answer('ok', body)
