--- @include "numbers"
-- Whether a string has this length in bytes, and ends so: enough to tell a publication from whatever others write.

local function is_text(key, bytes, ending)
  if redis.call('TYPE', key)['ok'] ~= 'string' or us(redis.call('STRLEN', key)) ~= bytes then
    return false
  end
  return redis.call('GETRANGE', key, -#ending, -1) == ending
end
