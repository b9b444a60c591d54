-- Store a new approval request with its jobs and its entries in the audit log, once; and only as long as the
-- latest request of its post is still the one that whoever asks has seen, so that a post never has two.
-- Needs due.lua
-- Needs audit.lua
-- KEYS     1-4 work, 5 approval, 6 open, 7 latest of the post, 8 scheduled, 9 audit, 10 history
-- ARGV     1 id, 2 version, 3 write id, 4 body, 5 most entries that are kept, 6 how many there are,
--          7 created in ms, 8 id of the latest request as it was seen, or nothing, then the entries,
--          then member, due in ms, body of each job
-- Returns  the body that is stored: the one before, where the request was there; 0 when somebody else has
--          asked meanwhile

local before = redis.call('HGET', KEYS[5], 'body')
if before then
  return before
end
if (redis.call('GET', KEYS[7]) or '') ~= ARGV[8] then
  return 0
end
local entries = tonumber(ARGV[6])
record(KEYS[9], ARGV[5], 9, entries)
put_all({ KEYS[1], KEYS[2], KEYS[3], KEYS[4] }, 9 + entries)
redis.call('HSET', KEYS[5], 'version', ARGV[2], 'write', ARGV[3], 'body', ARGV[4])
redis.call('ZADD', KEYS[6], ARGV[7], ARGV[1])
redis.call('SET', KEYS[7], ARGV[1])
return ARGV[4]
