--- @include "fields"
-- The fields of a fleet's alerts. "!lease": "<until> <pod>" of the pod that sends them. "!document": "<version> <text>". Any
-- other text is none.

local ALERTS_LIFE_MS = 604800000

local function alerts_lease(key)
  local digits, pod = string.match(field_text(key, '!lease', 200) or '', '^(%d+) ([%w@._:-]+)$')
  local till = time_of(digits)
  if not till or #pod > 128 then
    return nil, nil
  end
  return till, pod
end

-- The version and the text; 0 for none.
local function alerts_document(key)
  local digits, text = string.match(field_text(key, '!document', LONGEST_HISTORY) or '', '^(%d+) (.*)$')
  local version = time_of(digits)
  if not version then
    return 0, nil
  end
  return version, text
end
