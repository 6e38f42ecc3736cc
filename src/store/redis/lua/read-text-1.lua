-- read-text-1.lua
-- The text of a LiteLLM key, up to a length.
--
-- KEYS[1]  any of LiteLLM's keys
-- ARGV[1]  bytes at most
-- ARGV[2]  'unseen': only in the second of the last use, in which a read does not change the idle time; 'now': at once
-- Returns  kind, epoch, seq, now, text, 'read' or 'later'; '' if there is none, it is longer, or a read would be seen
-- Cost     O(length of the text)

--- @include "answer"

local is_string = redis.call('TYPE', KEYS[1])['ok'] == 'string'
if is_string and ARGV[2] == 'unseen' then
  -- Not a number without the right, or with an LFU eviction policy: then nothing shows reads.
  local idle = redis.pcall('OBJECT', 'IDLETIME', KEYS[1])
  if type(idle) == 'number' and idle > 0 then
    return answer('ok', { '', 'later' })
  end
end
if not is_string or redis.call('STRLEN', KEYS[1]) > tonumber(ARGV[1]) then
  return answer('ok', { '', 'read' })
end
return answer('ok', { redis.call('GET', KEYS[1]), 'read' })
