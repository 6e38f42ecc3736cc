-- read-text-1.lua
-- The text of a LiteLLM key, up to a length.
--
-- KEYS[1]  any of LiteLLM's keys
-- ARGV[1]  bytes at most
-- Returns  kind, epoch, seq, now, text; '' if there is none or it is longer
-- Cost     O(length of the text)

--- @include "answer"

local is_string = redis.call('TYPE', KEYS[1])['ok'] == 'string'
if not is_string or redis.call('STRLEN', KEYS[1]) > tonumber(ARGV[1]) then
  return answer('ok', { '' })
end
return answer('ok', { redis.call('GET', KEYS[1]) })
