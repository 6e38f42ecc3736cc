-- Numbers in microseconds are exact in doubles, but tostring and .. round them to 14 digits: write them with us(),
-- read them with stamp().

local LATEST_STAMP = 9000000000000000

local function us(number)
  return string.format('%.0f', number)
end

-- Up to sixteen digits, at most the year 2255; nil for anything else.
local function stamp(text)
  if not text or #text > 16 or not string.find(text, '^%d+$') then
    return nil
  end
  local number = tonumber(text)
  if number > LATEST_STAMP then
    return nil
  end
  return number
end
