--- @include "answer"
-- Histories: target id -> "<at> <json>", newest first, a line each.

-- Points that one target keeps: its share of the fleet's points, at least one.
local function history_share(key, limits)
  local share = math.floor(limits.fleet_points / math.max(1, redis.call('HLEN', key)))
  return { points = math.max(1, math.min(limits.points, share)), kept_us = limits.kept_us }
end

-- A history with a new first point, without the points beyond the limits.
local function history_with(text, point, share)
  local lines = { point }
  for line in string.gmatch(text or '', '[^\n]+') do
    local at = string.find(line, '^%d+ {.*}$') and time_of(string.match(line, '^%d+'))
    if at and at > now - share.kept_us and #lines < share.points then
      lines[#lines + 1] = line
    end
  end
  return table.concat(lines, '\n')
end
