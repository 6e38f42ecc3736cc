-- sweep-holds-2.lua
-- Forget holds that are still of the version seen and have been over for long.
--
-- KEYS[1]  records  hash, for the life of the data only
-- KEYS[2]  holds    hash: place -> "<version> <kind> <until us> <json>"
-- ARGV[1]  store time after which nothing is done, us
-- ARGV[2]  how long they are kept, ms
-- ARGV[3…] place, version, place, version, …
-- Returns  kind, epoch, seq, now, then the places forgotten
-- Cost     O(number of holds)

--- @include "in-time"
--- @include "holds"

local FIRST, WIDTH = 3, 2

local places = targets_from(FIRST, WIDTH)
local texts = read_fields(KEYS[2], places)
local oldest = now - tonumber(ARGV[2]) * 1000
local removed = {}

-- Ended when it was written, or by its time; whichever is later counts.
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
