-- look-at-1.lua
-- Tell whether a key of LiteLLM's holds a known text, and if not, how what it holds ends.
--
-- KEYS[1]  any of LiteLLM's keys
-- ARGV[1]  length of the known text in bytes
-- ARGV[2]  how it ends, 512 bytes or less
-- Returns  kind, epoch, seq, now, then none | same | other and the last 256 bytes, '' where it is no string
-- Cost     O(1): a text of a megabyte is compared four times a second

--- @include "answer"
--- @include "known-text"

local kind = redis.call('TYPE', KEYS[1])['ok']
if kind == 'none' then
  return answer('ok', { 'none', '' })
end
if kind ~= 'string' then
  return answer('ok', { 'other', '' })
end
if is_text(KEYS[1], ARGV[1], ARGV[2]) then
  return answer('ok', { 'same', '' })
end
return answer('ok', { 'other', redis.call('GETRANGE', KEYS[1], -256, -1) })
