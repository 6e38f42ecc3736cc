--- @include "fields"
-- A hold: "<version> <kind> <until us> <json>". Scripts read the header and do not parse the JSON.

local function hold_from(text)
  local version, kind, till, json = string.match(text or '', '^(%d+) ([a-z-]+) (%d+) ({.*})$')
  if not version or #kind > 32 then
    return nil
  end
  local hold = { version = time_of(version), kind = kind, till = stamp_of(till), till_text = till, json = json }
  if not (hold.version and hold.till) or hold.version == 0 then
    return nil
  end
  return hold
end
