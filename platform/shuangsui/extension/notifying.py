"""The part of ``plugins/README.md`` about notifiers, with the templates of gateways that are met most often.

Shapes of 企业微信 after 发送应用消息 and 群机器人 of its developers' pages; the one for text messages is nobody's own.
"""

from __future__ import annotations

TEXT = """\
通知方式（`register_notifiers`）把提醒、逾期和每日汇总送到人：`send` 一次发给一个人，`Message.id` 无论试多少次都不变，
地址只在发送时交给插件。逾期事项当即发送，其余在工作日按 `tenant.toml` 的 `digest_at` 汇总成一条。每个人登记自己的地址
（管理端“我的通知”，或者 `shuangsui user address`），没有登记的种类就收不到。通知里只有事由、编号、期限和管理端的链接；
发出之前再查一次个人信息，查出来的不发。`shuangsui notification notifiers` 逐个检查，`notification test` 试发。

`plugins/notify-email` 用电子邮件；`plugins/notify-http` 经任何一种 HTTP 网关，请求和成功的标志都写在选项里。

企业微信应用消息，令牌先用 `corpsecret` 换取，地址是通讯录里的账号：

```toml
plugins = ["notify-email", "notify-http"]

[options.notify-email]
host = "smtp.example.gov.cn"
user = "sss"
sender = "sss@jxw.example.gov.cn"
console = "https://sss.jxw.example.gov.cn"

[options.notify-http]
name = "wecom"
address_kind = "wecom"
address = "https://qyapi.weixin.qq.com/cgi-bin/message/send?access_token={{token}}"
secrets_env = ["secret=WECOM_APP_SECRET"]
token_address = "https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=ww0123456789abcdef&corpsecret={{secret}}"
token_expired = ["40014", "42001"]
template = '''{{"touser": "{{address}}", "msgtype": "text", "agentid": 1000002,
"text": {{"content": "{{text}}\\n{{link}}"}}, "enable_duplicate_check": 1}}'''
success = "errcode=0"
permanent = ["40003", "40056", "60011", "60020", "81013"]
reference = "msgid"
console = "https://sss.jxw.example.gov.cn"
```

企业微信群机器人，发到一个群里并提到这个人；`key` 是密钥，写在环境变量里：

```toml
[options.notify-http]
name = "robot"
address_kind = "wecom"
address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={{key}}"
secrets_env = ["key=WECOM_ROBOT_KEY"]
template = '{{"msgtype": "text", "text": {{"content": "{{text}}", "mentioned_list": ["{{address}}"]}}}}'
success = "errcode=0"
permanent = ["93000"]
longest = 1900
```

短信网关，表单正文，口令在请求头里，同一编号只发一次。企业微信之外再要一个网关，就另外启用 `notify-http-2`，选项相同：

```toml
[options.notify-http-2]
name = "sms"
address_kind = "phone"
address = "https://sms.example.gov.cn/v1/messages"
headers = ["Authorization: Bearer {{token_value}}"]
secrets_env = ["token_value=SMS_GATEWAY_TOKEN"]
form = "form"
template = '{{"mobile": "{{address}}", "content": "{{title}}", "out_id": "{{id}}"}}'
success = "code=OK"
permanent = ["INVALID_NUMBER", "BLACKLISTED"]
reference = "biz_id"
longest = 480
```

答复里的值不是 `success` 的，`permanent` 里的不再试，其余的（例如 45009 超过频率）过后再试，间隔逐次加长。`mock-sink`
的 `/wecom`（`/cgi-bin/gettoken`、`/cgi-bin/message/send`、`/cgi-bin/webhook/send`）和 `/sms` 扮演这三种。

"""
