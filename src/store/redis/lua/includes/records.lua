--- @include "fields"
-- A record: "<version> <grant> <evidence at us> <next due at us> <json>". Scripts read the header and leave the JSON
-- alone, but for the format.

local function record_from(text)
  if not text then
    return nil
  end
  local version, grant, evidence, due, json = string.match(text, '^(%d+) (%d+) (%d+) (%d+) ({.*})$')
  if not version then
    return nil
  end
  local record = {
    version = stamp_of(version),
    grant = stamp_of(grant),
    evidence = stamp_of(evidence),
    due = stamp_of(due),
    json = json,
  }
  if not (record.version and record.grant and record.evidence and record.due) or record.version == 0 then
    return nil
  end
  return record
end

-- A caller who has read the JSON names the version of a record whose JSON is garbage: that record is absent.
local function present_record(text, garbage_version)
  local record = record_from(text)
  if record and us(record.version) == garbage_version then
    return nil
  end
  return record
end

-- Written by a newer version of the product. Ours begin with their format, so that no JSON need be parsed.
local function is_newer(record)
  if string.sub(record.json, 1, 12) == '{"format":1,' then
    return false
  end
  local parsed, facts = pcall(cjson.decode, record.json)
  return parsed and type(facts) == 'table' and type(facts.format) == 'number' and facts.format > 1
end
