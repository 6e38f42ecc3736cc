-- hold-2.lua
-- Write new holds, or ones that the store lost, by the rules of HoldInput, and publish one hold event.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  holds    hash: hold key -> "<version> <kind> <until us> <json>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  PUBLISH or SPUBLISH
-- ARGV[3]  channel
-- ARGV[4]  pod id
-- ARGV[5]  epoch to use if the data has none
-- ARGV[6…] hold key, version, or ">" and the version that a new decision replaces, kind, until us, json, hold key, …
-- Returns  kind, epoch, seq, now, then per hold: "written" or "known", the hold as it is stored now
-- Cost     O(number of holds)

--- @include "in-time"
--- @include "holds"
--- @include "events"

local FIRST, WIDTH = 6, 5

local texts = read_fields(KEYS[2], targets_from(FIRST, WIDTH))
local body, written, seen = {}, {}, {}

local function is_known(hold, wish)
  if not hold then
    return false
  end
  if wish.version then
    return hold.version >= wish.version
  end
  return hold.version >= wish.after and hold.kind == wish.kind and hold.till_text == wish.till and hold.json == wish.json
end

for index = FIRST, #ARGV, WIDTH do
  local place = ARGV[index]
  local wish = {
    version = tonumber(ARGV[index + 1]),
    after = tonumber(string.match(ARGV[index + 1], '^>(%d+)$')) or 0,
    kind = ARGV[index + 2],
    till = ARGV[index + 3],
    json = ARGV[index + 4],
  }
  local hold = hold_from(texts[place])
  -- A version ahead of the clock was forged, and would override all decisions until then.
  local future = wish.version and wish.version > now + DAY_AHEAD_US
  local known = future or is_known(hold, wish)
  if wish.after > now + DAY_AHEAD_US then
    wish.after = 0
  end
  if not known then
    local version = wish.version or math.max(hold and hold.version + 1 or 1, wish.after + 1, now)
    texts[place] = us(version) .. ' ' .. wish.kind .. ' ' .. wish.till .. ' ' .. wish.json
    if not seen[place] then
      seen[place] = true
      written[#written + 1] = place
    end
  end
  body[#body + 1] = known and 'known' or 'written'
  body[#body + 1] = texts[place] or ''
end

if #written > 0 then
  local epoch, seq = life_of(KEYS[1])
  if epoch == '' then
    epoch, seq = ARGV[5], 0
  end
  seq = seq + 1
  local flat, lines = {}, {}
  for _, place in ipairs(written) do
    flat[#flat + 1] = place
    flat[#flat + 1] = texts[place]
    lines[#lines + 1] = place .. ' ' .. texts[place]
  end
  write_fields(KEYS[1], { '!epoch', epoch, '!seq', us(seq) })
  write_fields(KEYS[2], flat)
  publish({ kind = 'hold', epoch = epoch, seq = seq, pod = ARGV[4], command = ARGV[2], channel = ARGV[3] }, lines)
end
return answer('ok', body)
