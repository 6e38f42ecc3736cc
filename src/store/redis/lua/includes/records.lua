--- @include "fields"
-- A record: "<version> <grant> <stamps> <next due at us> <json>"; the evidence stamps are "<inference us>", or
-- "<inference us>/<models us>/<connect us>" if shallower evidence is newer. Scripts read the header, and of the JSON only
-- the format.

-- The stamps by level, nil if the reader rejects one. Deeper evidence counts for the shallower levels.
local function stamps_from(text, read)
  local inference, models, connect = string.match(text, '^(%d+)/(%d+)/(%d+)$')
  inference = read(inference or text)
  models, connect = read(models or '0'), read(connect or '0')
  if not (inference and models and connect) then
    return nil
  end
  models = math.max(models, inference)
  return { inference = inference, models = models, connect = math.max(connect, models) }
end

local function record_from(text)
  if not text then
    return nil
  end
  local version, grant, stamps, due, json = string.match(text, '^(%d+) (%d+) ([%d/]+) (%d+) ({.*})$')
  if not version then
    return nil
  end
  local record = {
    version = time_of(version),
    grant = time_of(grant),
    stamps = stamps_from(stamps, time_of),
    due = stamp_of(due),
    json = json,
  }
  if not (record.version and record.grant and record.stamps and record.due) or record.version == 0 then
    return nil
  end
  return record
end

-- The caller, who parses the JSON, names the version of a record whose JSON is garbage: that record counts as absent.
local function present_record(text, garbage_version)
  local record = record_from(text)
  if record and us(record.version) == garbage_version then
    return nil
  end
  return record
end

-- Written by a newer version of allswell. The JSON begins with its format, so it need not be parsed.
local function is_newer(record)
  if string.sub(record.json, 1, 12) == '{"format":2,' then
    return false
  end
  local parsed, facts = pcall(cjson.decode, record.json)
  return parsed and type(facts) == 'table' and type(facts.format) == 'number' and facts.format > 2
end
