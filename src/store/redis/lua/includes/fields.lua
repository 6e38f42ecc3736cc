--- @include "answer"
-- Hash fields, many at a time. A key of another type is not allswell's: it is removed before a write.

local CHUNK = 1000

-- A longer text is garbage by its length alone and is never copied; as in src/store/format/sizes.ts.
local LONGEST_TEXT, LONGEST_PIECE, LONGEST_HISTORY = 65536, 300000, 2097152

-- Placeholder for a longer text: invalid as any value, and short enough to show.
local function too_long_text(bytes)
  return '(' .. us(bytes) .. ' bytes, which is too long)'
end

local function keep_hashes()
  for _, key in ipairs(KEYS) do
    local kind = redis.call('TYPE', key)['ok']
    if kind ~= 'hash' and kind ~= 'none' then
      redis.call('DEL', key)
    end
  end
end

-- Texts by field, none longer than the given length; absent fields are false.
local function read_fields(key, fields, longest)
  local texts, short = {}, {}
  for _, field in ipairs(fields) do
    local bytes = redis.call('HSTRLEN', key, field)
    if bytes > (longest or LONGEST_TEXT) then
      texts[field] = too_long_text(bytes)
    else
      short[#short + 1] = field
    end
  end
  for from = 1, #short, CHUNK do
    local upto = math.min(from + CHUNK - 1, #short)
    local found = redis.call('HMGET', key, unpack(short, from, upto))
    for index = from, upto do
      texts[short[index]] = found[index - from + 1]
    end
  end
  return texts
end

-- The text of one field; nil for none.
local function field_text(key, field, longest)
  return read_fields(key, { field }, longest)[field] or nil
end

-- flat is a list: field, text, field, text, …
local function write_fields(key, flat)
  for from = 1, #flat, 2 * CHUNK do
    redis.call('HSET', key, unpack(flat, from, math.min(from + 2 * CHUNK - 1, #flat)))
  end
end

local function remove_fields(key, fields)
  for from = 1, #fields, CHUNK do
    redis.call('HDEL', key, unpack(fields, from, math.min(from + CHUNK - 1, #fields)))
  end
end

-- The target ids among the arguments: the first of each row of so many.
local function targets_from(first, width)
  local targets = {}
  for index = first, #ARGV, width do
    targets[#targets + 1] = ARGV[index]
  end
  return targets
end
