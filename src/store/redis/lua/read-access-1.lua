-- read-access-1.lua
-- When LiteLLM's results expire and when a client last used them. None of these commands counts as a use.
--
-- KEYS[1]  any of LiteLLM's keys
-- Returns  kind, epoch, seq, now, ms until it expires ('-2' for no value, '-1' for no expiry), seconds since it was last read
--          or written ('' where Redis does not tell: without the right, or with an LFU eviction policy)
-- Cost     O(1): it runs four times a second

--- @include "answer"

local idle = redis.pcall('OBJECT', 'IDLETIME', KEYS[1])
return answer('ok', { us(redis.call('PTTL', KEYS[1])), type(idle) == 'number' and us(idle) or '' })
