"""What the documents area tells people."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "document_unknown": "没有名为 {form} 的文书：可以用的有 {known}。",
    "document_of_mode": "检查任务 {task} 采用{mode}，不出具{form}：请改为出具{instead}。",
    "document_not_ready": "{subject} 还不能出具这份文书：{why}。请先办完再打印。",
    "document_template": "文书模板 {file} 不能用：{problem}。请改正模板，或者取得默认模板重新制作。",
    "document_folder": "文书模板没有保存：本机关的配置文件夹不能写入（{reason}）。请联系管理员。",
    "document_upload": "没有收到文件：请选择一个 DOCX 文件后重新提交。",
    "document_file_unknown": "文件 {file} 不是任何文书的模板：请改名为“文书名.docx”（{known}）或者移走。",
}

ACTS: dict[str, str] = {
    "document.issue": "出具文书",
    "document.restore": "恢复文书模板",
    "document.template": "更换文书模板",
}
