--- @include "numbers"
-- The lease of the pod that publishes for LiteLLM: "<until> <pod>". Anything else is no lease.

local function bridge_lease(key)
  if redis.call('TYPE', key)['ok'] ~= 'string' then
    return nil, nil
  end
  local digits, pod = string.match(redis.call('GET', key), '^(%d+) (%S+)$')
  return stamp_of(digits), pod
end
