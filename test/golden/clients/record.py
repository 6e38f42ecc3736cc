"""Records what the vendors' own clients send for the question of a probe.

    python3 -m venv v && v/bin/pip install boto3 google-genai 'anthropic[vertex]' openai azure-identity
    v/bin/python test/golden/clients/record.py > test/golden/clients/recorded.json

The clients send to a server on loopback, which answers 400 so that none tries again.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

PROMPT = "What's 1 + 1?"
seen = {}
current = ""


class Recorder(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        seen[current] = {
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body,
        }
        self.send_response(400)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def record(name, call):
    global current
    current = name
    try:
        call()
    except Exception as error:
        if name not in seen:
            raise error


def bedrock():
    import boto3

    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret", "aws_session_token": "session"}
    client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url, **keys)
    record(
        "bedrock converse",
        lambda: client.converse(
            modelId="us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            messages=[{"role": "user", "content": [{"text": PROMPT}]}],
            inferenceConfig={"maxTokens": 16},
        ),
    )
    record(
        "bedrock embedding",
        lambda: client.invoke_model(
            modelId="amazon.titan-embed-text-v2:0",
            contentType="application/json",
            accept="application/json",
            body=json.dumps({"inputText": "test from litellm"}),
        ),
    )


def vertex():
    from anthropic import AnthropicVertex
    from google import genai
    from google.genai import types
    from google.oauth2.credentials import Credentials

    place = {"project": "the-project", "location": "europe-west4"}
    options = types.HttpOptions(base_url=url, api_version="v1")
    client = genai.Client(enterprise=True, credentials=Credentials("token"), http_options=options, **place)
    record(
        "vertex gemini",
        lambda: client.models.generate_content(
            model="gemini-2.5-flash", contents=PROMPT, config=types.GenerateContentConfig(max_output_tokens=16)
        ),
    )
    record(
        "vertex embedding",
        lambda: client.models.embed_content(model="text-embedding-005", contents="test from litellm"),
    )
    claude = AnthropicVertex(
        region="europe-west4",
        project_id="the-project",
        access_token="token",
        base_url=f"{url}/v1",
        max_retries=0,
    )
    record(
        "vertex claude",
        lambda: claude.messages.create(
            model="claude-sonnet-4-5@20250929", max_tokens=16, messages=[{"role": "user", "content": PROMPT}]
        ),
    )


def azure():
    from openai import AzureOpenAI

    client = AzureOpenAI(
        azure_endpoint=url,
        azure_ad_token="token",
        api_version="2025-02-01-preview",
        max_retries=0,
    )
    record(
        "azure chat",
        lambda: client.chat.completions.create(
            model="ours", max_tokens=16, messages=[{"role": "user", "content": PROMPT}]
        ),
    )


bedrock()
vertex()
azure()
clients = {name: version(name) for name in ("boto3", "google-genai", "anthropic", "openai")}
kept = ("authorization", "content-type", "x-amz-date", "x-amz-security-token", "api-key", "anthropic-version")
for request in seen.values():
    request["headers"] = {name: value for name, value in request["headers"].items() if name in kept}
    request["body"] = json.loads(request["body"])
print(json.dumps({"clients": clients, "requests": seen}, indent=2))
