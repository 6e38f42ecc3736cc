--- @include "numbers"
-- Fingerprint of a value: its length in bytes and the SHA-1 of the last 512 bytes. For other types than strings, the type.

local function fingerprint_of(key)
  local kind = redis.call('TYPE', key)['ok']
  if kind ~= 'string' then
    return kind
  end
  return us(redis.call('STRLEN', key)) .. '-' .. redis.sha1hex(redis.call('GETRANGE', key, -512, -1))
end
