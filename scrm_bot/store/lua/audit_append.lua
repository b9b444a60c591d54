-- Append to the audit log. A repeat of this very request does nothing.
-- Needs audit.lua
-- KEYS     1 once, 2 audit
-- ARGV     1 life of `once` in s, 2 most that are kept, then the entries
-- Returns  1, or 0 for a repeat

if not redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then
  return 0
end
record(KEYS[2], ARGV[2], 3, #ARGV - 2)
return 1
