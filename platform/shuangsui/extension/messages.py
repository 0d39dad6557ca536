"""Texts of the codes of plugins, and the words for their kinds and states."""

from __future__ import annotations

TEXTS = {
    "plugin_not_imported": "插件 {plugin} 导入失败（{reason}）：请联系插件的提供方，或卸载后重新安装。",
    "plugin_name_taken": "插件名 {plugin} 已由先找到的另一个安装包占用：请卸载其中一个。",
    "plugin_api": "插件 {plugin} 声明的接口版本是 {found}，本平台是 {wanted}：请安装与本平台配套的版本。",
    "plugin_options_untyped": "插件 {plugin} 的 Options 不是 shuangsui.PluginOptions 的子类：请插件提供方更正。",
    "plugin_hook_unknown": "插件 {plugin} 实现了不存在的钩子 {hook}，现有 {known}：请插件提供方更正名称。",
    "plugin_hook_wrapper": "插件 {plugin} 的钩子 {hook} 是包装器，本平台不接受：请插件提供方改为普通实现。",
    "plugin_hook_arguments": "插件 {plugin} 的钩子实现参数不对（{reason}）：请插件提供方对照 plugins/README.md 更正。",
    "plugin_unloaded": "插件 {plugin} 已启用但没有载入：请管理员查看插件列表中的原因。",
    "plugin_failed": "插件 {plugin} 在 {step} 时出错（{reason}）：请稍后重试，仍不成功请联系插件的提供方。",
    "plugin_answer_wrong": "插件 {plugin} 的 {step} 应返回 {wanted}，实际返回 {found}：请插件提供方更正。",
    "plugin_too_slow": "插件 {plugin} 的 {step} 在 {seconds} 秒内没有完成，已经中止：请稍后重试，或检查外部系统。",
    "plugin_died": "插件 {plugin} 的 {step} 意外中断（退出状态 {status}）：可能超出了内存或处理时间的限额。",
    "feed_missing": "本租户没有名录来源“{feed}”：现有 {known}，请核对名称。",
    "feed_unnamed": "本租户有几个名录来源（{known}）：请写明要拉取哪一个。",
    "plugin_missing": "已启用的插件 {plugin} 没有安装：请安装它，或从 {file} 第 {line} 行的 plugins 中删去。",
}

KINDS = {
    "disclosure_channel": "公示渠道",
    "exporter": "信用和监管系统",
    "rule_pack": "规则包",
    "registry_feed": "名录来源",
    "result_codes": "结果代码",
    "enforcement_system": "执法监督系统",
    "notifier": "通知方式",
}

STATES = {
    "loaded": "已载入",
    "blocked": "不在允许名单",
    "broken": "不能载入",
    "enabled": "已启用",
    "disabled": "未启用",
    "missing": "没有安装",
    "misconfigured": "选项有误",
    "failed": "启用时出错",
}
