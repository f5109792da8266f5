"""Signs in to a service with a team's key. The key comes from the environment, so that no list of processes shows it."""

import base64
import os
import urllib.request

credentials = f"{os.environ['TEAM']}:{os.environ['API_KEY']}".encode()
request = urllib.request.Request(os.environ["SERVICE_URL"])
request.add_header("Authorization", "Basic " + base64.b64encode(credentials).decode())
with urllib.request.urlopen(request, timeout=30) as answer:
    print(os.environ["TEAM"], answer.status)
