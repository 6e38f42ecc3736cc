--- @include "numbers"
-- Histories: target id -> "<at> <json>", newest first, a line each.

local HISTORY_POINTS = 48
local HISTORY_KEPT_US = 604800000000

-- A history with one more point before it, less what is too much or too old.
local function history_with(text, point)
  local lines = { point }
  for line in string.gmatch(text or '', '[^\n]+') do
    local at = string.find(line, '^%d+ {.*}$') and stamp(string.match(line, '^%d+'))
    if at and at > now - HISTORY_KEPT_US and #lines < HISTORY_POINTS then
      lines[#lines + 1] = line
    end
  end
  return table.concat(lines, '\n')
end
