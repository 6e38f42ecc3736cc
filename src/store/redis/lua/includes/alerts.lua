--- @include "fields"
-- The fields of a fleet's alerts. "!lease": "<until> <pod>" of the pod that sends them. "!document": "<version> <text>".
-- "@<view>": "<time> <text>", the report of pods of one configuration. Any other text is none.

local ALERTS_LIFE_MS = 604800000
-- As in src/store/format/sizes.ts. Other clients can write fields: of a hash with more of them, no report is read.
local LONGEST_REPORT, MOST_REPORTS, MOST_ALERT_FIELDS, REPORT_LIFE_US = 300000, 8, 64, 15000000

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

local function alerts_report(key, view, text, now)
  local field = '@' .. view
  if view == '' then
    return
  elseif text == '' then
    redis.call('HDEL', key, field)
  elseif #text <= LONGEST_REPORT then
    redis.call('HSET', key, field, us(now) .. ' ' .. text)
    redis.call('PEXPIRE', key, us(ALERTS_LIFE_MS))
  end
end

-- The fresh reports of other views, in the order of their names; old ones are removed.
local function alerts_reports(key, view, now)
  local texts = {}
  if redis.call('HLEN', key) > MOST_ALERT_FIELDS then
    return texts
  end
  local fields = redis.call('HKEYS', key)
  table.sort(fields)
  for _, field in ipairs(fields) do
    if string.sub(field, 1, 1) == '@' and field ~= '@' .. view and #texts < MOST_REPORTS then
      local digits, text = string.match(field_text(key, field, LONGEST_REPORT + 20) or '', '^(%d+) (.*)$')
      local at = time_of(digits)
      if at and at <= now and now < at + REPORT_LIFE_US then
        texts[#texts + 1] = text
      else
        redis.call('HDEL', key, field)
      end
    end
  end
  return texts
end
