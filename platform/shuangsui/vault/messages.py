"""What sealed texts and key stores tell people."""

TEXTS: dict[str, str] = {
    "key_store_away": "密钥库 {store} 现在打不开（{problem}），电话等读不到也存不进，其他业务照常：请系统管理员检查。",
    "key_store_missing": "密封数据用的密钥库 {store} 没有启用或者没有安装：请系统管理员启用插件 {plugin}。",
    "key_store_needed": (
        "还有 {count} 项电话等是用插件 {plugin} 的密钥密封的，这样就打不开了：要停用的，请先在插件的选项里改为只用来"
        "打开，由运维人员把它们移到别的密钥；要改选项的，请运维人员先把密钥放到新的地方。"
    ),
    "key_store_none": "本机关没有启用密钥库插件，电话等由本安装的主密钥密封，没有可以更换的密钥：请先启用密钥库。",
    "key_store_other_master": "这些数据由另一把主密钥密封：请放回当时的主密钥。",
    "sealed_broken": "密封的数据（密钥库 {store}，密钥 {key}）打不开：它被改动过，或者是从别处挪来的，请核对数据库。",
    "sealed_plain": "还有 {count} 项电话等是明文，没有密封：后台每天办理一次，请系统管理员现在就办理，或者过后再看。",
    "sealed_stuck": "{count} 项密封的数据打不开，没有改用现在的密钥，其余已经办完：{problem}",
}

ACTS: dict[str, str] = {
    "keys.reseal": "改用新密钥密封",
    "keys.rotate": "更换密钥",
}
