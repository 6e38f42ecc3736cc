-- look-at-1.lua
-- Tell whether a key of LiteLLM's holds a known text, and if not, how what it holds ends.
--
-- KEYS[1]  any of LiteLLM's keys
-- ARGV[1]  length of the known text in bytes
-- ARGV[2]  its SHA-1, 40 lower-case hexadecimal digits
-- Returns  kind, epoch, seq, now, then none | same | other and the last 256 bytes, '' where it is no string
-- Cost     O(length of the value) where the length is the known one, else O(1)

--- @include "answer"

local kind = redis.call('TYPE', KEYS[1])['ok']
if kind == 'none' then
  return answer('ok', { 'none', '' })
end
if kind ~= 'string' then
  return answer('ok', { 'other', '' })
end
if us(redis.call('STRLEN', KEYS[1])) == ARGV[1] and redis.sha1hex(redis.call('GET', KEYS[1])) == ARGV[2] then
  return answer('ok', { 'same', '' })
end
return answer('ok', { 'other', redis.call('GETRANGE', KEYS[1], -256, -1) })
