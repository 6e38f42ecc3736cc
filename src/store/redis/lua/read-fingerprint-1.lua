-- read-fingerprint-1.lua
-- Tell what a key of LiteLLM's holds by its print, and how a text there ends.
--
-- KEYS[1]  any of LiteLLM's keys
-- Returns  kind, epoch, seq, now, print ('none' where nothing is), the last 256 bytes ('' where it is no string)
-- Cost     O(1): a text of a megabyte is looked at four times a second

--- @include "answer"
--- @include "fingerprint"

local fingerprint = fingerprint_of(KEYS[1])
local is_string = redis.call('TYPE', KEYS[1])['ok'] == 'string'
return answer('ok', { fingerprint, is_string and redis.call('GETRANGE', KEYS[1], -256, -1) or '' })
