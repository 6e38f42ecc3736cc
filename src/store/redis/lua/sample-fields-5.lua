-- sample-fields-5.lua
-- Random names of stored data, so that unneeded data is found in bounded time, however much there is. Fields whose names
-- no version of allswell writes are removed.
--
-- KEYS[1]  records  hash: target id -> record; "!epoch", "!seq"
-- KEYS[2]  leases   hash: target id -> lease
-- KEYS[3]  budget   hash: see includes/money
-- KEYS[4]  history  hash: target id -> text
-- KEYS[5]  holds    hash: hold key -> "<version> <kind> <until us> <json>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  names of each hash
-- Returns  kind, epoch, seq, now, number of targets, then target id, record or "", target id, …, then hold key, hold, hold key, …
-- Cost     O(number of names), whatever the sizes of the hashes; 50 names: about 0.3 ms of Redis 7.0

--- @include "in-time"

local function target_in(field)
  return #field <= 256 and string.match(field, '^[%w@._-]+$')
end

local function owner_in(field)
  return target_in(string.match(field, '^(.*):held$') or string.match(field, '^(.*):%d%d?$') or field)
end

local function place_in(field)
  return field == '*' and field or target_in(field)
end

local function sampled(key, name_in, names, seen)
  local gone = {}
  for _, field in ipairs(redis.call('HRANDFIELD', key, ARGV[2])) do
    local name = name_in(field)
    if name and not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    -- Unknown reserved names may be a newer version's.
    elseif not name and string.sub(field, 1, 1) ~= '!' then
      gone[#gone + 1] = field
    end
  end
  remove_fields(key, gone)
end

local targets, places, seen = {}, {}, {}
sampled(KEYS[1], target_in, targets, seen)
sampled(KEYS[2], target_in, targets, seen)
sampled(KEYS[3], owner_in, targets, seen)
sampled(KEYS[4], target_in, targets, seen)
sampled(KEYS[5], place_in, places, {})

local body = { us(#targets) }

local function append(key, names)
  local texts = read_fields(key, names)
  for _, name in ipairs(names) do
    body[#body + 1] = name
    body[#body + 1] = texts[name] or ''
  end
end

append(KEYS[1], targets)
append(KEYS[5], places)
return answer('ok', body)
