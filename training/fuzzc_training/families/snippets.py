"""Intents with the code that does them, by language: the pool for ranking."""

PYTHON = """
first element of a list|the item at the start = xs[0]
last element of a list|the item at the end = xs[-1]
number of elements|how long the list is = len(xs)
add an element at the end|append a value = xs.append(v)
remove and return the last element|take the last item off = xs.pop()
a reversed copy|the list back to front = xs[::-1]
sort in place, largest first|order downwards = xs.sort(reverse=True)
a sorted copy|the list in order, the original untouched = sorted(xs)
all elements but the first|drop the head of the list = xs[1:]
sum of the numbers|add everything up = sum(xs)
largest element|the maximum = max(xs)
smallest element|the minimum = min(xs)
distinct elements|get rid of repeats = set(xs)
is the value in the list|membership = v in xs
position of a value|where the value stands = xs.index(v)
keep only positive numbers|drop what is not above zero = [x for x in xs if x > 0]
square every number|each value times itself = [x * x for x in xs]
text in small letters|lower case = s.lower()
text in capitals|upper case = s.upper()
cut the text at commas|comma separated text to list = s.split(",")
glue words with a space|list of words to one text = " ".join(xs)
strip spaces at both ends|trim the text = s.strip()
swap a word for another|replace old by new = s.replace(old, new)
does the text begin with http|starts with a prefix = s.startswith("http")
value of a key or None|look up a key without an error = d.get(k)
all keys of a dict|names in the mapping = list(d)
remove a key|delete an entry from the dict = del d[k]
read the whole file|file content as text = open(p).read()
parse JSON text|text to object = json.loads(s)
object to JSON text|serialise the object = json.dumps(o)
round to two digits|two decimals = round(n, 2)
whole part of a division|integer division = a // b
rest of a division|the remainder = a % b
pairs of index and value|number the elements = enumerate(xs)
walk two lists side by side|pair up two lists = zip(xs, ys)
wait one second|pause = time.sleep(1)
"""
SHELL = """
list files with hidden ones|show dotfiles too = ls -a
where am I|print the current folder = pwd
go one folder up|change to the parent = cd ..
make a folder with its parents|create nested directories = mkdir -p a/b
delete a folder with everything in it|remove a tree = rm -r dir
copy a folder|duplicate a directory = cp -r a b
rename a file|move a file to a new name = mv old new
create an empty file|touch a new file = touch notes.txt
first ten lines of a file|top of the file = head file
last ten lines of a file|end of the file = tail file
follow a growing log|watch new lines arrive = tail -f app.log
count the lines|how many lines = wc -l file
find lines with error|search a word in a file = grep error file
lines without error|drop matching lines = grep -v error file
search all files below this folder|recursive search = grep -r word .
files larger than 100 MB|find big files = find . -size +100M
free space on disks|how full are the disks = df -h
size of a folder|how much space a directory takes = du -sh dir
running processes|what is running = ps aux
stop process 412|end a process by its number = kill 412
make a script executable|allow running a file = chmod +x run.sh
change the owner of a file|give the file to ana = chown ana file
sort lines and drop repeats|unique lines = sort -u file
second column of a table|print field two = awk '{print $2}' file
replace foo by bar in a file|edit text in place = sed -i s/foo/bar/g file
pack a folder into an archive|create a tarball = tar czf a.tgz dir
unpack an archive|extract a tarball = tar xzf a.tgz
download a file|fetch a URL to disk = curl -O $url
only the headers of a page|show response headers = curl -I $url
log in to another machine|remote shell = ssh user@host
copy a file to another machine|send a file by ssh = scp file host:
show environment variables|list the environment = env
difference between two files|compare files = diff a b
who is logged in|logged in users = who
repeat a command every two seconds|keep rerunning = watch df
"""
SQL = """
number of rows in users|how many users = SELECT count(*) FROM users
all users|every row and column = SELECT * FROM users
names of all users|only the name column = SELECT name FROM users
users in Lima|filter by city = SELECT * FROM users WHERE city = 'Lima'
the oldest user|highest age first, one row = SELECT * FROM users ORDER BY age DESC LIMIT 1
the youngest user|lowest age first, one row = SELECT * FROM users ORDER BY age LIMIT 1
average age|mean age = SELECT avg(age) FROM users
the highest age|maximum of age = SELECT max(age) FROM users
distinct cities|each city once = SELECT DISTINCT city FROM users
users per city|count by city = SELECT city, count(*) FROM users GROUP BY city
cities with over ten users|big groups = SELECT city FROM users GROUP BY city HAVING count(*) > 10
names that begin with A|prefix search = SELECT * FROM users WHERE name LIKE 'A%'
users without an email|missing values = SELECT * FROM users WHERE email IS NULL
users that have an email|no missing values = SELECT * FROM users WHERE email IS NOT NULL
delete user 7|remove one row = DELETE FROM users WHERE id = 7
add a user|insert a row = INSERT INTO users (name) VALUES ('Ana')
change the city of user 7|update one row = UPDATE users SET city = 'Lima' WHERE id = 7
remove the table|get rid of the table = DROP TABLE users
empty the table|delete all rows but keep the table = TRUNCATE users
add a column|new field in the table = ALTER TABLE users ADD age int
users with their orders|join two tables = SELECT * FROM users JOIN orders USING (user_id)
ages 18 to 30|a range of ages = SELECT * FROM users WHERE age BETWEEN 18 AND 30
make lookups by email fast|index a column = CREATE INDEX ON users (email)
sum of all order totals|total revenue = SELECT sum(total) FROM orders
skip ten rows and take five|a page of results = SELECT * FROM users LIMIT 5 OFFSET 10
undo the open transaction|cancel changes = ROLLBACK
make changes permanent|finish the transaction = COMMIT
"""
GIT = """
what has changed|state of the working tree = git status
stage one file|put a file into the next commit = git add notes.txt
record staged changes|make a commit = git commit -m "x"
history of commits|list past commits = git log
history in short lines|one line a commit = git log --oneline
unstaged differences|what differs from the index = git diff
staged differences|what will be committed = git diff --staged
new branch and switch to it|start a branch = git switch -c topic
back to main|change to an existing branch = git switch main
list branches|which branches exist = git branch
delete a merged branch|remove a branch = git branch -d topic
bring a branch into this one|join histories = git merge topic
replay my commits on main|linear history on top of main = git rebase main
send commits to the server|publish = git push
fetch and merge from the server|update my branch = git pull
only fetch from the server|download without merging = git fetch
put changes aside|shelve work = git stash
get shelved work back|unshelve = git stash pop
undo a commit by a new one|reverse commit abc = git revert abc
throw away edits in a file|restore a file = git restore notes.txt
take a file out of the index|unstage = git restore --staged notes.txt
change the last commit|edit the latest commit = git commit --amend
who wrote each line|authors by line = git blame notes.txt
copy one commit to here|apply commit abc to this branch = git cherry-pick abc
mark a release|name this commit v1 = git tag v1
copy a repository|get a project for the first time = git clone $url
where is the server|addresses of remotes = git remote -v
find the commit that broke it|search by halves = git bisect start
delete untracked files|clean the folder = git clean -f
move the branch back one commit, keep changes|uncommit = git reset HEAD~1
"""
SCRIPT = """
add v at the end of the list|append = xs.push(v)
take the first item off|remove from the front = xs.shift()
put v at the front|prepend = xs.unshift(v)
copy without the first item|all but the head = xs.slice(1)
position of v in the list|where is v = xs.indexOf(v)
does any item exceed 9|at least one above nine = xs.some(x => x > 9)
do all items exceed 9|every one above nine = xs.every(x => x > 9)
the first item above 9|search one item = xs.find(x => x > 9)
flatten one level|merge inner lists = xs.flat()
two lists in one|concatenate = [...xs, ...ys]
is it a list|check for an array = Array.isArray(xs)
repeat the text three times|tripled text = s.repeat(3)
swap every dash for a space|replace all dashes = s.replaceAll("-", " ")
characters 2 to 4|cut a piece of text = s.slice(2, 5)
pad with zeros to five places|leading zeros = s.padStart(5, "0")
does the text hold a dash|contains = s.includes("-")
merge two objects|later keys win = { ...a, ...b }
pairs of key and value|entries of an object = Object.entries(o)
build an object from pairs|pairs to object = Object.fromEntries(ps)
freeze an object|no more changes = Object.freeze(o)
whole number from text|parse an integer = parseInt(s, 10)
two digits after the point|format a price = n.toFixed(2)
a random number|chance = Math.random()
power of two numbers|a to the b = a ** b
run f once after a second|delay a call = setTimeout(f, 1000)
run f every second|repeat a call = setInterval(f, 1000)
value or a default when null|fallback = v ?? 0
read a nested key safely|no error when missing = o?.a?.b
is it not a number|check for NaN = Number.isNaN(n)
year of a date|which year = d.getFullYear()
send a request|fetch an address = await fetch(url)
handle a failed promise|catch errors of a promise = p.catch(log)
first promise to finish|race = Promise.race(ps)
remove key a|delete a property = delete o.a
decode an URL part|undo percent signs = decodeURIComponent(s)
"""
STYLE = """
bold text|heavy letters = font-weight: bold
slanted text|italics = font-style: italic
underlined text|line below the text = text-decoration: underline
text in capitals|shout = text-transform: uppercase
centred text|text in the middle = text-align: center
red letters|colour of the text = color: red
red background|colour behind the text = background: red
rounded corners|soft corners = border-radius: 8px
thin frame|line around the box = border: 1px solid
space inside the box|distance from frame to content = padding: 8px
space outside the box|distance to neighbours = margin: 8px
hide and free the space|take it out of the page = display: none
hide but keep the space|invisible, same layout = visibility: hidden
half transparent|see-through = opacity: 0.5
items in a row|flexible line = display: flex
table-like layout|rows and columns = display: grid
gap between items|distance inside a grid = gap: 8px
stay in view while scrolling|stick to the top = position: sticky
hand as mouse pointer|clickable look = cursor: pointer
drop shadow|shade below the box = box-shadow: 0 1px 4px
bigger letters|size of the text = font-size: 20px
no line breaks|keep text on one line = white-space: nowrap
above other elements|bring to the front = z-index: 10
full width|as wide as the parent = width: 100%
turn by ninety degrees|rotate = transform: rotate(90deg)
cut off what sticks out|no scroll bars, clip = overflow: hidden
"""
DOCKER = """
running containers|what is up = docker ps
all containers, stopped ones too|every container = docker ps -a
local images|which images exist here = docker images
build an image here|image from a Dockerfile = docker build -t app .
start a container from an image|run an image = docker run app
run in the background|detached start = docker run -d app
publish port 80|map a port = docker run -p 80:80 app
shell in a running container|look inside = docker exec -it web sh
output of a container|read its log = docker logs web
follow the output|live log = docker logs -f web
stop a container|shut it down = docker stop web
delete a stopped container|remove a container = docker rm web
delete an image|remove an image = docker rmi app
download an image|get an image = docker pull redis
upload an image|send to the registry = docker push app
live use of memory and CPU|resource use = docker stats
all facts about a container|details as JSON = docker inspect web
copy a file out of a container|container to host = docker cp web:/a .
list volumes|stored data volumes = docker volume ls
start services of the compose file|bring all up = docker compose up
stop and remove compose services|take all down = docker compose down
clean unused data|free disk space = docker system prune
another name for an image|add a tag = docker tag app app:2
list networks|which networks = docker network ls
"""
LANGUAGES: dict[str, tuple[str, str]] = {
    "Python": (PYTHON, "In Python xs and ys are lists, s is text, d a dict, n a number"),
    "shell": (SHELL, "These are commands for a Linux shell"),
    "SQL": (SQL, "The tables are users and orders"),
    "git": (GIT, "These are git commands"),
    "JavaScript": (SCRIPT, "In JavaScript xs is an array, s a string, o an object, n a number"),
    "CSS": (STYLE, "These are CSS declarations"),
    "Docker": (DOCKER, "These are docker commands"),
}


def read_pool(text: str) -> list[tuple[tuple[str, ...], str]]:
    """(ways to say the intent, snippet) for each line."""
    pool = []
    for line in text.strip().split("\n"):
        intents, _, snippet = line.partition(" = ")
        pool.append((tuple(intents.split("|")), snippet))
    return pool


POOLS = {language: read_pool(text) for language, (text, _) in LANGUAGES.items()}
