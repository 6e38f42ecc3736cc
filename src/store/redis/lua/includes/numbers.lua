-- Numbers in microseconds are exact in doubles, but tostring and .. round them to 14 digits: write them with us(),
-- read them with stamp().

local LATEST_STAMP = 9000000000000000

local function us(number)
  return string.format('%.0f', number)
end

-- From digits, as a pattern captured them: at most sixteen, at most the year 2255; nil for more.
local function stamp_of(digits)
  if not digits or #digits > 16 then
    return nil
  end
  local number = tonumber(digits)
  if number > LATEST_STAMP then
    return nil
  end
  return number
end

-- From any text; nil if it is not such digits.
local function stamp(text)
  return stamp_of(text and string.match(text, '^%d+$'))
end
