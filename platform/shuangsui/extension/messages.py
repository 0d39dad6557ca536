"""Texts of the codes of plugins, and the words for their kinds and states."""

from __future__ import annotations

TEXTS = {
    "plugin_not_imported": "插件 {plugin} 导入失败（{reason}）：请联系插件的提供方，或卸载后重新安装。",
    "plugin_name_taken": "插件名 {plugin} 已由先找到的另一个安装包占用：请卸载其中一个。",
    "plugin_api": "插件 {plugin} 声明的接口版本是 {found}，本平台是 {wanted}：请安装与本平台配套的版本。",
    "plugin_options_untyped": "插件 {plugin} 的 Options 不是 shuangsui.PluginOptions 的子类：请插件提供方更正。",
    "plugin_options_exposed": "插件 {plugin} 的选项 {keys} 会把口令写明、显示出来，没有载入："
    "请插件提供方改成以 _env 结尾、只写环境变量名的选项。",
    "plugin_option_sealed": "插件 {plugin} 的选项 {key} 是口令，不在这里填写："
    "请运维人员写进配置文件，或者改用环境变量。",
    "plugin_option_variable": "插件 {plugin} 的选项 {key} 是环境变量的名称，由运维人员写在配置文件里："
    "请与运维人员联系。",
    "plugin_option_shared": "插件 {plugin} 用的环境变量 {variable} 不是本机关自己的，它的选项不能在这里修改："
    "请运维人员先在本机关的 tenant.toml 里用选项 {key} 写明本机关的环境变量。",
    "plugin_hook_unknown": "插件 {plugin} 实现了不存在的钩子 {hook}，现有 {known}：请插件提供方更正名称。",
    "plugin_hook_wrapper": "插件 {plugin} 的钩子 {hook} 是包装器，本平台不接受：请插件提供方改为普通实现。",
    "plugin_hook_arguments": "插件 {plugin} 的钩子实现参数不对（{reason}）：请插件提供方对照 plugins/README.md 更正。",
    "plugin_unloaded": "插件 {plugin} 已启用但没有载入：请管理员查看插件列表中的原因。",
    "plugin_failed": "插件 {plugin} 在 {step} 时出错（{reason}）：请稍后重试，仍不成功请联系插件的提供方。",
    "plugin_answer_wrong": "插件 {plugin} 的 {step} 应返回 {wanted}，实际返回 {found}：请插件提供方更正。",
    "plugin_too_slow": "插件 {plugin} 的 {step} 在 {seconds} 秒内没有完成，已经中止：请稍后重试，或检查外部系统。",
    "plugin_resting": "插件 {plugin} 接连出错，暂停调用，约 {seconds} 秒后再试：仍不成功请联系插件的提供方。",
    "plugin_given_up": "插件 {plugin} 屡次停住不答，本进程不再调用它：请联系插件的提供方，修好后重新启动。",
    "plugin_not_allowed": "插件 {plugin} 不在允许名单（SHUANGSUI_PLUGINS）里，没有载入：需要时请运维人员加入。",
    "plugin_denied": "插件 {plugin} 在禁止名单（SHUANGSUI_PLUGINS_DENIED）里，没有载入：需要时请运维人员移出。",
    "plugin_requires": "插件 {plugin} 要求 {requirement}，本平台是 {found}：请安装与本平台配套的版本。",
    "plugin_patched": "插件 {plugin} 在载入时改动了平台的 {names}，已经恢复并拒绝载入：请插件提供方去掉改动。",
    "plugin_patches": "插件 {plugin} 在运行中改动了平台的 {names}，已经恢复：请停用它，并联系插件的提供方。",
    "plugin_name_twice": "插件 {plugin} 的 {step} 提供了两个同名的 {name}：请插件提供方改成不同的名称。",
    "plugin_busy": "插件 {plugin} 的回调正忙，没有受理：请稍后再试。",
    "plugin_died": "插件 {plugin} 的 {step} 意外中断（退出状态 {status}）：可能超出了内存或处理时间的限额。",
    "plugin_unknown": "没有插件 {plugin}：请在插件目录里核对名称。",
    "plugin_already_on": "插件 {plugin} 已经启用，不必再启用。",
    "plugin_not_on": "插件 {plugin} 没有启用，不必停用。",
    "plugin_restricted": "插件 {plugin} 由运维人员在配置文件里管理，这里不能改动：请与运维人员联系。",
    "plugin_option_invalid": "插件 {plugin} 的选项 {key}：{problem}。请先修改选项。",
    "plugin_not_fit": "插件 {plugin} 现在不能用（{message}）：请先按说明处理，再启用或者修改选项。",
    "plugin_not_installed": "本环境没有安装插件 {plugin}（名称相近的：{similar}；共有 {known} 个）："
    "请用运行 shuangsui 的同一个 Python 环境安装它；用容器的，装进镜像。",
    "plugin_without_entry": "安装包 {distribution} 没有在入口点组 shuangsui 里登记："
    "请插件提供方在 pyproject.toml 里补上 [project.entry-points.shuangsui]，再重新安装。",
    "plugin_off": "插件 {plugin} 没有为租户 {tenant} 启用：请系统管理员在插件目录里启用，或者写进它的 tenant.toml。",
    "plugin_off_restricted": "插件 {plugin} 没有为租户 {tenant} 启用，只能由运维人员启用：请写进它的 tenant.toml。",
    "plugin_unwell": "插件 {plugin} 自查没有通过：{message}",
    "plugin_name_invalid": "“{name}”不能作插件名：请写成 hello-channel 的样子，只用小写字母、数字和连字符。",
    "plugin_folder_taken": "{folder} 已经存在，没有改动：请换一个名称或者文件夹。",
    "plugin_pair_invalid": "“{text}”不是“选项=取值”的形式：请用等号写明取值。",
    "plugin_option_inherited": "插件 {plugin} 的选项 {key} 本来就用继承的取值，不必恢复。",
    "feed_missing": "本租户没有名录来源“{feed}”：现有 {known}，请核对名称。",
    "feed_unnamed": "本租户有几个名录来源（{known}）：请写明要拉取哪一个。",
    "pool_missing": "本租户没有要拉取的专家库“{pool}”：现有 {known}，请核对名称。",
    "pool_unnamed": "本租户有几个要拉取的专家库（{known}）：请写明要拉取哪一个。",
    "plugin_missing": "已启用的插件 {plugin} 没有安装：请安装它，或从 {file} 第 {line} 行的 plugins 中删去。",
}

KINDS = {
    "disclosure_channel": "公示渠道",
    "exporter": "信用和监管系统",
    "rule_pack": "规则包",
    "rule_amendments": "规则修订",
    "registry_feed": "名录来源",
    "expert_pool": "专家库",
    "result_codes": "结果代码",
    "enforcement_system": "执法监督系统",
    "entropy_source": "公开随机事件来源",
    "notifier": "通知方式",
    "callback": "回调",
    "key_store": "密钥库",
}

STATES = {
    "loaded": "已载入",
    "blocked": "未获准载入",
    "broken": "不能载入",
    "enabled": "已启用",
    "disabled": "未启用",
    "missing": "没有安装",
    "misconfigured": "选项有误",
    "failed": "启用时出错",
}

ACTS: dict[str, str] = {
    "plugin.check": "检查插件",
    "plugin.disable": "停用插件",
    "plugin.enable": "启用插件",
    "plugin.options": "修改插件设置",
}
