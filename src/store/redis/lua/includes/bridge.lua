--- @include "numbers"
-- The lease of the pod that publishes for LiteLLM: "<until> <pod>". Anything else is no lease.

local function bridge_lease(key)
  if redis.call('TYPE', key)['ok'] ~= 'string' then
    return nil, nil
  end
  -- A longer text is not a lease, and is never copied.
  if redis.call('STRLEN', key) > 200 then
    return nil, nil
  end
  local digits, pod = string.match(redis.call('GET', key), '^(%d+) ([%w@._:-]+)$')
  if not pod or #pod > 128 then
    return nil, nil
  end
  return stamp_of(digits), pod
end
