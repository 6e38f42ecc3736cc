-- read-fingerprint-1.lua
-- Fingerprint of the value of a LiteLLM key, and the end of its text.
--
-- KEYS[1]  any of LiteLLM's keys
-- Returns  kind, epoch, seq, now, fingerprint ('none' for no value), the last 256 bytes ('' if it is not a string)
-- Cost     O(1): it runs four times a second, on texts of up to megabytes

--- @include "answer"
--- @include "fingerprint"

local fingerprint = fingerprint_of(KEYS[1])
local is_string = redis.call('TYPE', KEYS[1])['ok'] == 'string'
return answer('ok', { fingerprint, is_string and redis.call('GETRANGE', KEYS[1], -256, -1) or '' })
