--- @include "fields"
-- First lines of every script that writes. After its caller timed out, a script may still run, and must do nothing.

if now > tonumber(ARGV[1]) then
  return answer('late')
end
keep_hashes()
