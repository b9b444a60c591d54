"""The twenty endpoints, in the documentation's order, each with the scope it needs."""

from dataclasses import dataclass
from typing import Final

from scrm_bot.demo.socialcrm.keys import PAID_SCOPES


@dataclass(frozen=True, slots=True)
class Endpoint:
    name: str
    method: str
    path: str
    scope: str
    summary: str

    @property
    def paid(self) -> bool:
        return self.scope in PAID_SCOPES

    @property
    def uses_quota(self) -> bool:
        return self.scope == "ai:generate"


ENDPOINTS: Final = (
    Endpoint("list_posts", "GET", "/v1/posts", "posts:read", "List posts"),
    Endpoint("create_post", "POST", "/v1/posts", "posts:write", "Create a draft post"),
    Endpoint("get_post", "GET", "/v1/posts/{id}", "posts:read", "Get one post"),
    Endpoint("update_post", "PATCH", "/v1/posts/{id}", "posts:write", "Update a post"),
    Endpoint("delete_post", "DELETE", "/v1/posts/{id}", "posts:write", "Delete a post"),
    Endpoint("schedule_post", "POST", "/v1/posts/{id}/schedule", "posts:publish", "Schedule a post"),
    Endpoint("publish_post", "POST", "/v1/posts/{id}/publish", "posts:publish", "Publish a post now"),
    Endpoint("post_analytics", "GET", "/v1/posts/{id}/analytics", "insights:read", "Get post analytics"),
    Endpoint("rewrite", "POST", "/v1/ai/rewrite", "ai:generate", "Rewrite text in your voice"),
    Endpoint("compose", "POST", "/v1/ai/compose", "ai:generate", "Compose a post from a prompt"),
    Endpoint("hashtags", "POST", "/v1/ai/hashtags", "ai:generate", "Suggest hashtags"),
    Endpoint("thread", "POST", "/v1/ai/thread", "ai:generate", "Expand into a thread"),
    Endpoint("ideas", "POST", "/v1/ai/ideas", "ai:generate", "Generate content ideas"),
    Endpoint("optimise", "POST", "/v1/ai/optimise", "ai:generate", "Optimise a post for reach"),
    Endpoint("list_accounts", "GET", "/v1/accounts", "insights:read", "List connected social accounts"),
    Endpoint("account_analytics", "GET", "/v1/accounts/analytics", "insights:read", "Get account analytics"),
    Endpoint("persona", "GET", "/v1/persona", "insights:read", "Get your brand persona"),
    Endpoint("trending", "GET", "/v1/trending", "insights:read", "List trending topics"),
    Endpoint("upload_url", "POST", "/v1/media/upload-url", "media:write", "Request a presigned upload URL"),
    Endpoint("confirm_media", "POST", "/v1/media/{id}/confirm", "media:write", "Confirm a finished upload"),
)
BY_NAME: Final = {endpoint.name: endpoint for endpoint in ENDPOINTS}
