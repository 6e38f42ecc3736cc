--- @include "numbers"
-- Every answer begins with its kind, the epoch, the sequence and the store's time, all strings.

local function store_now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local now = store_now()

-- A stamp of the store's clock, from digits; nil if it is more than a day ahead of the clock. No version of allswell writes
-- such stamps unless the clock was set back, and data with one could never be replaced.
local DAY_AHEAD_US = 86400000000
local function time_of(digits)
  local number = stamp_of(digits)
  if number and number > now + DAY_AHEAD_US then
    return nil
  end
  return number
end

local function is_hash(key)
  return redis.call('TYPE', key)['ok'] == 'hash'
end

-- Epoch and sequence. With one of them missing, or at the largest sequence, there is none: the next commit begins another.
local function life_of(records)
  if not is_hash(records) then
    return '', 0
  end
  if redis.call('HSTRLEN', records, '!epoch') > 64 or redis.call('HSTRLEN', records, '!seq') > 16 then
    return '', 0
  end
  local found = redis.call('HMGET', records, '!epoch', '!seq')
  local epoch = found[1] or ''
  local seq = stamp(found[2])
  if not seq or seq >= LATEST_STAMP or not string.find(epoch, '^[%w._-]+$') then
    return '', 0
  end
  return epoch, seq
end

-- kind is 'ok' or 'late'; body is a list of strings.
local function answer(kind, body)
  local epoch, seq = life_of(KEYS[1])
  local reply = { kind, epoch, us(seq), us(now) }
  for _, text in ipairs(body or {}) do
    reply[#reply + 1] = text
  end
  return reply
end
