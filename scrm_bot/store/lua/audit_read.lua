-- A page of the audit log, newest first: a script, since clients shape the answer of XREVRANGE differently.
-- KEYS     1 audit
-- ARGV     1 id to begin at, 2 id to end at, 3 most
-- Returns  {id, entry, id, entry, ...}

local found = {}
for _, item in ipairs(redis.call('XREVRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])) do
  found[#found + 1] = item[1]
  found[#found + 1] = item[2][2]
end
return found
