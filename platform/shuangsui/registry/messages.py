"""The sentences of the registry: refused files, errors of rows, warnings, and notes of what was normalised."""

from __future__ import annotations

FILE_ERRORS = {
    "empty_file": "文件是空的：请确认保存成功后重新导入。",
    "no_rows": "文件只有表头，没有数据行：请补充数据后重新导入。",
    "unreadable_file": "打不开文件{file}：请确认文件存在并有读取权限。",
    "unknown_file_type": "不支持“{suffix}”文件：请另存为 .xlsx 工作簿或 .csv 文件后重新导入。",
    "mislabelled_file": "扩展名“{suffix}”与文件内容不符：请用表格软件打开后另存为 .xlsx 或 .csv。",
    "legacy_workbook": "这是旧版 .xls 或加密的工作簿：请去掉密码，另存为 .xlsx 后重新导入。",
    "utf16_file": "文件是 UTF-16（“Unicode 文本”）编码：请另存为“CSV UTF-8（逗号分隔）”后重新导入。",
    "undecodable": "第{line}行（第{offset}字节起）不是有效的 {encoding} 文字：请另存为“CSV UTF-8（逗号分隔）”。",
    "csv_malformed": "第{row}行的引号或分隔有误，无法分成单元格：请检查该行引号是否成对。",
    "line_too_long": "第{row}行超过{limit}个字符：请检查换行是否丢失或引号是否成对。",
    "wrong_delimiter": "表头没有用逗号分隔：请另存为“CSV UTF-8（逗号分隔）”后重新导入。",
    "not_a_workbook": "文件不是有效的 .xlsx 工作簿或已损坏：请用表格软件打开后另存为 .xlsx。",
    "hostile_workbook": "工作簿内部结构异常（{part}），已拒绝读取：请用表格软件打开后另存为 .xlsx。",
    "workbook_too_large": "工作簿太大，超出读取限额（{limit}）：请拆成几个文件，或另存为 CSV 后导入。",
    "workbook_too_slow": "{seconds}秒内没有读完工作簿：请拆成几个文件，或另存为 CSV 后导入。",
    "sheet_too_wide": "工作表“{sheet}”有{columns}列，超过{limit}列：请删去右侧无关内容后重新导入。",
    "wrong_sheet": "没有可以导入的工作表“{wanted}”，文件中有：{sheets}。请用正确的工作表名称重新导入。",
    "several_sheets": "有几个工作表都像{title}：{sheets}。请指明要导入的工作表。",
    "wrong_kind": "这看起来是{found}，不是{expected}：请核对文件或改选名录类别。",
    "missing_columns": "{title}缺少必需的列：{columns}。请补齐表头后重新导入。",
    "duplicate_column": "表头“{column}”出现了两次（{first}列和{second}列）：请删去或改名其中一列。",
    "column_unknown": "文件里没有“{column}”这一列：请从文件现有的各列中选择。",
    "column_twice": "“{column}”一列同时对应了“{first}”和“{second}”：请给其中一项另选一列。",
    "merged_header": "表头处有合并单元格（{range}）：请取消合并，只保留一行表头。",
    "header_below_title": "第{row}行才是表头：请删去它上面的标题行，让表头成为第一行。",
    "feed_goes_back": "名录来源 {feed} 给出的是 {day} 的数据，早于上次的 {last}：没有导入，请向提供方核对。",
    "feed_of_tomorrow": "名录来源 {feed} 给出的是 {day} 的数据，今天是 {today}：没有导入，请向提供方核对日期。",
    "feed_unasked": "名录来源 {feed} 称数据没有变化，但这次要求的是全部数据：没有导入，请联系插件的提供方。",
    "feed_removes_most": "名录来源 {feed} 的全量数据会移出 {removed} 个检查对象（现有 {size} 个）：没有导入，"
    "请核对数据是否完整，确属无误的请改为导入文件。",
    "pool_goes_back": "专家库 {pool} 给出的是 {day} 的名单，早于上次的 {last}：没有采用，请向提供方核对。",
    "pool_of_tomorrow": "专家库 {pool} 给出的是 {day} 的名单，今天是 {today}：没有采用，请向提供方核对日期。",
    "pool_unasked": "专家库 {pool} 称名单没有变化，但这次要求的是全部名单：没有采用，请联系插件的提供方。",
    "pool_empty": "专家库 {pool} 给出的名单里没有人：没有采用，请向提供方核对。",
    "pool_loses_most": "专家库 {pool} 的名单少了 {left} 人（原有 {size} 人）：没有采用，"
    "请向提供方核对，确属无误的请在拉取时确认。",
    "expert_in_two_pools": "专家编号 {number} 同时在{here}和{there}里：没有采用，同一编号只能是一个人，请另编一个。",
    "kind_unknown": "没有名录“{kind}”：可以导入的有 {known}。",
    "import_missing": "没有编号为 {id} 的待导入文件：可能已经放弃，或者放了七天被清除，请重新上传。",
    "import_busy": "文件{file}正在核对或者写入：请等办完以后再办。",
    "import_done": "文件{file}已经导入：要再导入一次，请重新上传。",
    "import_unready": "文件{file}还没有核对通过：请先核对，全部正确以后再确认。",
    "registry_moved": "核对以后{title}又有了新的导入（{actor} 导入 {source}）：差异已经不同，请重新核对再确认。",
    "report_missing": "文件{file}现在没有错误清单：核对发现逐行的错误以后才有。",
    "upload_gone": "上传的文件已经不在：请放弃这次导入，重新上传。",
    "file_changed": "导入期间文件被改动：没有导入任何数据，请重新导入。",
    "person_unlisted": "名录库中没有编号为 {number} 的人员：请核对执法证号或专家编号，或先导入名录。",
    "rows_refused": "共{rows}行，有{count}处错误，没有导入任何数据：请按错误清单修改后重新导入。",
    "errors_over_source": "错误清单不能覆盖原文件{file}：请换一个文件名。",
}

ROW_ERRORS = {
    "required_empty": "“{column}”不能为空：请填写。",
    "extra_cells": "这一行的单元格比表头多（多出“{value}”）：请检查该行是否多了逗号，或给这一列补上表头。",
    "total_row": "这一行看起来是“{value}”行：请删去后重新导入。",
    "duplicate_row": "与第{first}行完全相同：请删去其中一行。",
    "duplicate_conflict": "“{column}”与第{first}行相同，其他内容却不同：请核对后只保留正确的一行。",
    "dates_reversed": "起始日期{since}晚于终止日期{until}：请核对两个日期。",
    "formula_cell": "单元格是公式，不是固定的内容：请复制后“选择性粘贴—数值”再导入。",
    "formula_text": "内容以等号开头，表格软件会当成公式：请改成固定的内容。",
    "merged_cells": "合并单元格{text}：请取消合并，并在每一行分别填写。",
    "error_cell": "单元格是错误值（如 #N/A）：请改正后重新导入。",
    "control_character": "含有看不见的控制字符 {sign}：请清除后重新填写。",
    "invisible_character": "含有看不见的字符 {sign}：请清除后重新填写。",
    "replacement_character": "含有“�”（{sign}），原来的文字已经损坏：请从原始资料重新填写。",
    "too_long": "有{length}个字符，超过{limit}个：请缩短或检查是否填错了列。",
    "code_as_number": "代码被存成了数字（{value}），可能已经丢失位数：请把该列设为“文本”格式后从原始资料重新填写。",
    "code_not_text": "代码被存成了日期或逻辑值（{value}）：请把该列设为“文本”格式后重新填写。",
    "code_length": "“{value}”有{length}位：统一社会信用代码是18位，注册号是15位，请核对。",
    "uscc_characters": "“{value}”含有统一社会信用代码不使用的字符：请对照营业执照核对。",
    "uscc_letters": "“{value}”含有不会出现的字母 O 或 I，是否应为“{suggestion}”？请对照营业执照改正。",
    "uscc_area_digits": "“{value}”第3至8位应为6位数字的行政区划代码：请对照营业执照核对。",
    "uscc_pair": "“{value}”开头两位不是已知的登记管理部门和机构类别：请对照营业执照核对。",
    "org_check": "“{value}”中的组织机构代码（第9至17位）校验不符：请对照营业执照核对。",
    "uscc_check": "“{value}”最后一位校验码不符：请对照营业执照逐位核对。",
    "regno_digits": "“{value}”有15位但不全是数字，不是注册号：请核对。",
    "regno_check": "注册号“{value}”最后一位校验码不符：请对照营业执照逐位核对。",
    "id_number": "这里填的是居民身份证号码：名录不得登记身份证号码，请改填规定的代码。",
    "bad_choice": "“{value}”不在可填范围内：请填写{accepted}之一。",
    "bad_date": "“{value}”不是有效日期：请写成 2026-03-01 的形式。",
    "date_as_number": "日期被存成了数字（{value}）：请把该列设为“日期”格式后重新填写。",
    "date_too_early": "日期{value}早于1949年10月1日：请核对。",
    "bad_industry": "“{value}”不是行业代码：请按 GB/T 4754 填写4位数字，前面可加一个门类字母。",
    "ratio_as_number": "抽查比例被存成了数字{value}，看不出是百分数还是户数：请写成“10%”或“不超过10%”等文字。",
    "bad_flag": "“{value}”格式不对：每条记录写成“类别|来源|起始日期|终止日期”，各条之间用分号隔开。",
    "bad_amount": "“{value}”不是以万元为单位的金额：请只填数字，最多六位小数，如 0.5。",
    "penalty_incomplete": "行政处罚决定没有写明{what}：请按决定书填写。",
    "annulment_reason": "状态是撤销，却没有写明撤销原因：请填写，公示时一并说明。",
    "more_errors": "错误太多，还有{count}处没有逐条列出：请先改正以上错误。",
}

WARNINGS = {
    "uscc_pair_unknown": "“{value}”开头两位不在已知的登记部门和类别中：请留意是否填错。",
    "uscc_area_unknown": "“{value}”中的行政区划代码从未见过：请留意是否填错。",
    "org_check_old": "“{value}”中的旧组织机构代码校验不符：请留意是否填错。",
    "looks_like_old_id": "15位代码“{value}”也像旧身份证号码：请确认它是注册号。",
    "column_ignored": "不认识的列“{column}”没有导入。",
    "hidden_rows": "工作表有{count}个隐藏行，也一并导入：请确认是否需要。",
    "private_character": "含有自造字 {sign}，在别的电脑上可能显示成另一个字：请尽量改用标准汉字。",
    "number_as_percent": "抽查比例单元格存的是数字{value}，按“{after}”导入：请核对。",
    "amount_large": "金额{value}万元：单位是万元，不是元，请核对。",
    "time_dropped": "日期单元格带有时刻，按{after}导入。",
    "short_row": "这一行比表头少{count}格，缺少的按空白导入：请确认该行完整。",
    "interest_person_unknown": "人员编号“{value}”不在名录库中，这条利害关系不会使任何人回避：请核对。",
    "interest_object_unknown": "检查对象“{value}”不在名录库中，这条利害关系不会使任何人回避：请核对。",
    "more_warnings": "提醒太多，还有{count}处没有逐条列出。",
}

NOTES = {
    "spaces_removed": "去掉了空格，按“{after}”导入。",
    "spaces_joined": "去掉了首尾或多余的空格、换行，按“{after}”导入。",
    "width_folded": "全角字符改为半角，按“{after}”导入。",
    "case_folded": "小写字母改为大写，按“{after}”导入。",
    "composed": "字符写法统一为标准形式，按“{after}”导入。",
    "typed_as_text": "单元格不是文本格式，按“{after}”导入。",
    "zero_restored": "行业代码补回了前面的0，按“{after}”导入。",
    "repeated_entry": "重复的条目只算一次，按“{after}”导入。",
    "more_notes": "还有{count}处规范化没有逐条列出。",
}

TEXTS = {**FILE_ERRORS, **ROW_ERRORS, **WARNINGS, **NOTES}


def said(code: str, params: dict[str, object]) -> str:
    """The sentence of one row's code; long texts from the file are cut."""
    shown = {
        name: f"{value[:200]}…" if isinstance(value, str) and len(value) > 200 else value
        for name, value in params.items()
    }
    return TEXTS[code].format(**shown)


ALERTS: dict[str, str] = {
    "registry_stale": "检查对象名录库久未更新",
    "feed_failed": "名录来源拉取失败",
    "pool_failed": "专家库拉取失败",
    "pool_stale": "外部专家库久未更新",
}
"""Titles of the alerts of this area."""

ACTS: dict[str, str] = {
    "registry.columns": "对应名录文件的列",
    "registry.confirm": "确认导入名录",
    "registry.discard": "放弃导入名录",
    "registry.feed_failed": "名录来源取数失败",
    "registry.feed_unchanged": "名录来源没有变化",
    "registry.import": "导入名录",
    "registry.pool": "取专家库",
    "registry.pool_failed": "取专家库失败",
    "registry.pool_unchanged": "专家库没有变化",
    "registry.tidy": "清理过期的上传文件",
    "registry.upload": "上传名录文件",
}
