-- sweep-holds-2.lua
-- Remove holds that still have the given version and ended long ago.
--
-- KEYS[1]  records  hash, for the epoch only
-- KEYS[2]  holds    hash: hold key -> "<version> <kind> <until us> <json>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  time for which an ended hold is kept, ms
-- ARGV[3…] hold key, version, hold key, version, …
-- Returns  kind, epoch, seq, now, then the keys removed
-- Cost     O(number of holds)

--- @include "in-time"
--- @include "holds"

local FIRST, WIDTH = 3, 2

local places = targets_from(FIRST, WIDTH)
local texts = read_fields(KEYS[2], places)
local oldest = now - tonumber(ARGV[2]) * 1000
local removed = {}

-- A hold ends when its end is written, or at its expiry; the later one counts.
local function is_long_over(hold)
  local ended = hold.kind == 'none' or hold.till > 0
  return ended and math.max(hold.version, hold.kind == 'none' and 0 or hold.till) < oldest
end

for number, place in ipairs(places) do
  local hold = hold_from(texts[place])
  if hold and hold.version == tonumber(ARGV[FIRST + (number - 1) * WIDTH + 1]) and is_long_over(hold) then
    texts[place] = false
    removed[#removed + 1] = place
  end
end
remove_fields(KEYS[2], removed)
return answer('ok', removed)
