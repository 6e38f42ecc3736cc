--- @include "fields"
-- Budgets: "!fleet" and target id -> "<hour> <probes> <day> <nano dollars>", the use now;
-- "<target>:held" -> "<grant> <hour> <day> <nano dollars>", the amount reserved for a running probe; "!fleet:<day % 31>" and
-- "<target>:<day % 2>" -> "<day> <probes> <unpriced> <spent> <saved by sharing> <by alias> <by cache>".

local FLEET_USE = '!fleet'
local FLEET_DAYS, TARGET_DAYS = 31, 2
local HOUR_US, DAY_US = 3600000000, 86400000000
local hour, day = math.floor(now / HOUR_US), math.floor(now / DAY_US)

-- The numbers of a text that consists of `count` numbers; nil for any other text.
local function numbers_from(text, count)
  local numbers = {}
  for part in string.gmatch((text or '') .. ' ', '([^ ]*) ') do
    local number = stamp(part)
    if not number then
      return nil
    end
    numbers[#numbers + 1] = number
  end
  return #numbers == count and numbers or nil
end

local function text_of(numbers)
  local texts = {}
  for index, number in ipairs(numbers) do
    texts[index] = us(number)
  end
  return table.concat(texts, ' ')
end

local function whole(count)
  return math.min(math.max(0, count), LATEST_STAMP)
end

local function held_field(target)
  return target .. ':held'
end

local function day_field(owner, kept)
  return owner .. ':' .. us(day % kept)
end

-- Use of a future hour or day, within a day, was counted before the clock was set back and still counts. Use of a later
-- time would never expire, so it does not count.
local HOURS_AHEAD, DAYS_AHEAD = 24, 1
local function use_from(text)
  local found = numbers_from(text, 4)
  if not found then
    return { probes = 0, nano = 0 }
  end
  return {
    probes = found[1] >= hour and found[1] <= hour + HOURS_AHEAD and found[2] or 0,
    nano = found[3] >= day and found[3] <= day + DAYS_AHEAD and found[4] or 0,
  }
end

local function use_text(use)
  return text_of({ hour, whole(use.probes), day, whole(use.nano) })
end

-- Texts of some fields, and their changes until write_money.
local function open_counts(key, fields)
  return { key = key, texts = read_fields(key, fields), changed = {}, seen = {} }
end

local function put_money(counts, field, text)
  counts.texts[field] = text
  if not counts.seen[field] then
    counts.seen[field] = true
    counts.changed[#counts.changed + 1] = field
  end
end

local function write_money(counts)
  local flat, gone = {}, {}
  for _, field in ipairs(counts.changed) do
    if counts.texts[field] then
      flat[#flat + 1] = field
      flat[#flat + 1] = counts.texts[field]
    else
      gone[#gone + 1] = field
    end
  end
  write_fields(counts.key, flat)
  remove_fields(counts.key, gone)
end

-- Settles the amount that was reserved for a grant. An unsent probe no longer counts. The actual cost replaces the reserved
-- amount; nil nano keeps it. If the day has ended, an unused rest is not credited to the new day, but a higher cost is
-- charged to it.
local function settle(counts, target, grant, nano, unsent)
  local held = numbers_from(counts.texts[held_field(target)], 4)
  if not held or held[1] ~= grant then
    return
  end
  put_money(counts, held_field(target), false)
  local more = nano and nano - held[4] or 0
  if more < 0 and held[3] ~= day then
    more = 0
  end
  local fewer = unsent and held[2] == hour and 1 or 0
  for _, owner in ipairs({ FLEET_USE, target }) do
    local use = use_from(counts.texts[owner])
    put_money(counts, owner, use_text({ probes = use.probes - fewer, nano = use.nano + more }))
  end
end
