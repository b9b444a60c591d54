-- Keep the numbers of a day, unless it has some, and forget those of days that are too long ago.
-- KEYS     1 snapshots
-- ARGV     1 day, 2 body, 3 oldest day that is kept, 4 most days, 5 life in s
-- Returns  1 when they were kept, else 0

if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return 0
end
local days = redis.call('HKEYS', KEYS[1])
table.sort(days)
local spare = #days - tonumber(ARGV[4])
for at, day in ipairs(days) do
  if at > spare and day >= ARGV[3] then
    break
  end
  redis.call('HDEL', KEYS[1], day)
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
